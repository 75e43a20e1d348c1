import { definePenalty, type PenaltySpec } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { check, expectThat } from '../cases/case.ts';
import type { ModelOf } from '../subject.ts';
import { tester } from '../tester.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { gradientsOf, outputsOf, passOf, tinyModel, withModels } from '../tiny/tiny-model.ts';

const nothing = definePenalty('testing.nothing', () => () => tf.scalar(0));

/**
 * Tests a penalty, in a level of experts.
 *
 * @example testPenalty(tensorNormal({ weight: 0.1 }), { runner });
 */
export const testPenalty = tester({ kind: 'penalty' }, (spec: PenaltySpec) => {
  const model = ({ spec: penalty = spec, ...of }: ModelOf<PenaltySpec> = {}) => tinyModel(tinyNetwork({ penalty }), of);
  return {
    ...{ spec, model, parameters: /experts/ },
    numbers: (each: PenaltySpec) => withModels([model({ spec: each })], (own) => outputsOf(own, 5, true)),
    way: () => ({ network: tinyNetwork({ penalty: spec }) }),
    own: {
      'it is of the parameters alone': check(async () => {
        await withModels([model(), model({ spec: nothing() })], (own, plain) => {
          const [four, nine] = [4, 9].map((rows) => passOf(own, rows, true).auxiliary);
          expectFinite(four!);
          expectAgreement(nine!, four!, 0, 'the same penalty for other rows');
          const [seen, other] = [own, plain].map((each) => gradientsOf(each, 4)['levels.0.experts.kernel']!);
          expectFinite({ 'the gradient': seen! });
          const differs = seen!.some((value, i) => value !== other![i]);
          expectThat(differs, 'another gradient of the experts than without the penalty', 'the same');
        });
      }, 'Compute it from `parameters` alone, by operations that have a gradient.'),
    },
  };
});
