import { definePenalty, type PenaltySpec } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { check, expectThat } from '../cases/case.ts';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { modelProbe, outputsOf, withProbe, type ProbeOptions } from '../tiny/probe.ts';
import { tester } from '../tester.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { gradientsOf, passOf, tinyModel, withModels } from '../tiny/tiny-model.ts';

const nothing = definePenalty('testing.nothing', () => () => tf.scalar(0));

/**
 * Tests a penalty, in a level of experts.
 *
 * @example testPenalty(tensorNormal({ weight: 0.1 }), { runner });
 */
export const testPenalty = tester({ kind: 'penalty' }, (spec: PenaltySpec) => {
  const modelOf = (penalty: PenaltySpec, tasks: readonly string[] = ['a', 'b'], seed?: number) =>
    tinyModel(tinyNetwork({ penalty }), { tasks, seed });
  const probe = (each: PenaltySpec, { seed, rows }: ProbeOptions = {}) =>
    modelProbe(modelOf(each, ['a', 'b'], seed), rows);
  return {
    ...{ spec, probe, tried: 3 },
    numbers: (each: PenaltySpec) => withProbe(probe(each), (own) => outputsOf(own, true)),
    model: (tasks) => modelOf(spec, tasks),
    way: () => ({ network: tinyNetwork({ penalty: spec }) }),
    own: {
      'it is of the parameters alone': check(async () => {
        await withModels([modelOf(spec), modelOf(nothing())], (model, plain) => {
          const [four, nine] = [4, 9].map((rows) => passOf(model, rows, { training: true }).added);
          expectFinite(four!);
          expectAgreement(nine!, four!, 0, 'the same penalty for other rows');
          const [own, other] = [model, plain].map((each) => gradientsOf(each, 4)['levels.0.experts.kernel']!);
          expectFinite({ 'the gradient': own! });
          const differs = own!.some((value, i) => value !== other![i]);
          expectThat(differs, 'another gradient of the experts than without the penalty', 'the same');
        });
      }, 'Compute it from `parameters` alone, by operations that have a gradient.'),
    },
  };
});
