import { definePenalty, type MultiTaskModel, type PenaltySpec } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { expectThat } from '../cases/case.ts';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { modelProbe, outputsOf, withProbe } from '../probes/probe.ts';
import { tester } from '../tester.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { gradientsOf, passOf, tinyBatch, tinyModel, withModels } from '../tiny/tiny-model.ts';

const nothing = definePenalty('testing.nothing', () => () => tf.scalar(0));

/** The penalty is the same for other rows, and its gradient changes that of the parameters of the experts. */
function checkParameters(penalized: MultiTaskModel, without: MultiTaskModel): void {
  withModels([penalized, without], (model, plain) => {
    const lossOn = (rows: number) => passOf(model, tinyBatch(model, rows), { training: true }).added;
    const [four, nine] = [lossOn(4), lossOn(9)];
    expectFinite(four);
    expectAgreement(nine, four, 0, 'the same penalty for other rows');
    const [own, other] = [model, plain].map((each) => gradientsOf(each, 4)['levels.0.experts.kernel']!);
    expectFinite({ 'the gradient': own! });
    const differs = own!.some((value, i) => value !== other![i]);
    expectThat(differs, 'another gradient of the experts than without the penalty', 'the same');
  });
}

/**
 * Tests a penalty, in a level of experts.
 *
 * @example testPenalty(tensorNormal({ weight: 0.1 }), { runner });
 */
export const testPenalty = tester('penalty', {}, (spec: PenaltySpec) => {
  const modelOf = (penalty: PenaltySpec, tasks: readonly string[] = ['a', 'b'], seed = 7) =>
    tinyModel(tinyNetwork({ penalty }), { tasks: [...tasks], seed });
  return {
    spec,
    numbers: (each) => withProbe(modelProbe(modelOf(each as PenaltySpec)), (probe) => outputsOf(probe, true)),
    probe: ({ seed, rows } = {}) => modelProbe(modelOf(spec, ['a', 'b'], seed), rows),
    tried: 3,
    model: (tasks) => modelOf(spec, tasks),
    way: () => ({ network: tinyNetwork({ penalty: spec }) }),
    own: {
      'it is of the parameters alone': [
        'Compute it from `parameters` alone, by operations that have a gradient.',
        () => checkParameters(modelOf(spec), modelOf(nothing())),
      ],
    },
  };
});
