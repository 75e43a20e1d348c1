import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auc, binnedAuc } from './areas.ts';

test('scores of a bin are tied: two bins know only below and above ½', () => {
  // Bins: negatives {.1, .4, .6}, positives {.3, .9}: below 2 and 1, above 1 and 1.
  expect(binnedAuc([0, 0, 0, 1, 1], [0.1, 0.4, 0.6, 0.3, 0.9], { bins: 2 })).toBeCloseTo((1 + 2 + 0.5) / 6, 15);
  expect(binnedAuc([0, 1], [0.2, 0.9], { bins: 1 })).toBe(0.5);
  expect(binnedAuc([0, 1], [0.99, 1], { bins: 4 })).toBe(0.5); // 1 falls into the last bin
});

test('is off by no more than half of the pairs that share a bin', () => {
  const row = fc.tuple(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.array(row, { minLength: 2, maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (rows, bins) => {
      const labels = rows.map(([label]) => label);
      const scores = rows.map(([, score]) => score);
      fc.pre(labels.includes(0) && labels.includes(1));
      const binOf = (score: number) => Math.min(Math.floor(score * bins), bins - 1);
      const [ones, zeros] = [rows.filter(([label]) => label === 1), rows.filter(([label]) => label === 0)];
      const shared = ones.flatMap(([, a]) => zeros.filter(([, b]) => binOf(a) === binOf(b))).length;
      const bound = shared / (2 * ones.length * zeros.length);
      expect(Math.abs(binnedAuc(labels, scores, { bins }) - auc(labels, scores))).toBeLessThanOrEqual(bound + 1e-12);
    }),
  );
});

test('needs the same memory for any number of rows', () => {
  const state = binnedAuc.metric({ bins: 3 }).create();
  for (let i = 0; i < 100; i++) state.update([0, 1, 0], [0.1, 0.2, 0.9]);
  expect(state.toJSON()).toEqual({
    metric: 'binnedAuc',
    task: 'binary',
    config: { bins: 3 },
    sums: [100, 0, 100, 100, 0, 0],
  });
});

test('is undefined with one class and refuses logits', () => {
  expect(binnedAuc([1, 1], [0.1, 0.2])).toBeNaN();
  expect(() => binnedAuc([0, 1], [-2, 3])).toThrow(
    'binnedAuc: got probabilities[0] = -2; expected a probability in [0, 1]. Apply a sigmoid',
  );
});
