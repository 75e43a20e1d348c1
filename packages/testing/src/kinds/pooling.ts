import type { Spec } from '@polytask/components';
import { embed, type Pooling, type Schema, poolingForm } from '@polytask/core';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { check, expectThat } from '../cases/case.ts';
import type { ModelOf } from '../subject.ts';
import { tester } from '../tester.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel, withModels } from '../tiny/tiny-model.ts';

const INPUT = embed({ dimension: 3, start: 'pytorch' });
const IDS = ['a', 'b', 'c'];

/** A candidate, and a sequence of as many slots that is pooled so, with a number beside each entry. */
export const sequenceFeatures = (pooling: Pooling, maxLength = 3): Schema['features'] => ({
  item: { kind: 'categorical', vocabulary: IDS },
  history: {
    kind: 'id-sequence',
    ...{ values: { kind: 'shared', with: 'item' }, separator: '|', maxLength, pooling },
    ...(poolingForm(pooling).target && { target: 'item' }),
  },
  days: { kind: 'side-column', of: 'history', values: { kind: 'numeric', mean: 0, deviation: 1 }, separator: '|' },
});

const HISTORIES = ['', 'a', 'b', 'a|b', 'b|a', 'a|b|c', 'c|c|c'];

/** The predictions for some histories, in a model with as many slots. */
const pooled = (spec: Spec<'pooling'>, maxLength: number): Promise<Float32Array> => {
  const features = sequenceFeatures(spec, maxLength);
  const rows = HISTORIES.map((history) => ({ item: 'b', history, days: history.replace(/[abc]/g, '0.5') }));
  const model = tinyModel(tinyNetwork({ levels: 0 }), { tasks: ['a'], features, input: INPUT });
  return withModels([model], () => Float32Array.from(model.predict(rows)['a']!));
};

/**
 * Tests a pooling, in a model with a sequence and a column beside it.
 *
 * @example testPooling(transformer({ heads: 1, blocks: 1 }), { runner });
 */
export const testPooling = tester({ kind: 'pooling' }, (spec: Spec<'pooling'>) => ({
  spec,
  parameters: /^input/,
  model: ({ spec: pooling = spec, ...of }: ModelOf<Spec<'pooling'>> = {}) =>
    tinyModel(tinyNetwork(), { ...of, features: sequenceFeatures(pooling), input: INPUT }),
  own: {
    'empty slots change nothing, and entries count': check(async () => {
      const [short, long] = [await pooled(spec, 3), await pooled(spec, 6)];
      expectFinite({ 'the prediction': short });
      expectAgreement(long, short, 1e-5, 'the same predictions with more empty slots');
      const [, a, b] = short;
      expectThat(a !== b, 'another prediction for another entry', 'the same');
    }, 'Multiply what a slot adds by `filled`, and read `ids` or `entries`.'),
  },
}));
