import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auc } from './areas.ts';

describe('known values', () => {
  test.each([
    ['scikit-learn’s example', [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 0.75],
    ['perfect order', [0, 0, 1, 1], [1, 2, 3, 4], 1],
    ['reversed order', [1, 1, 0, 0], [1, 2, 3, 4], 0],
    ['constant scores', [0, 1, 0, 1, 1], [7, 7, 7, 7, 7], 0.5],
    ['one tie', [0, 1, 1], [0.5, 0.5, 0.7], 0.75],
    ['negative logits', [1, 0, 1, 0], [-3, -5, -0.5, -1], 0.75],
    ['-0 tied with 0', [0, 1], [-0, 0], 0.5],
  ])('%s', (_, labels, scores, expected) => {
    expect(auc(labels, scores)).toBe(expected);
  });

  test('Mann–Whitney U by hand, with a tie', () => {
    const scores = [3, 4, 2, 6, 9, 7, 5, 4];
    const labels = [0, 0, 0, 0, 1, 1, 0, 1]; // 9 beats 5, 7 beats 5, 4 beats 3 and 2 and ties 4
    expect(auc(labels, scores)).toBeCloseTo((5 + 5 + 2.5) / 15, 15);
  });
});

test('is undefined with one class, also if the other has no weight', () => {
  expect(auc([1, 1], [0.1, 0.2])).toBeNaN();
  expect(auc([0, 0], [0.1, 0.2])).toBeNaN();
  expect(auc([], [])).toBeNaN();
  expect(auc([0, 1, 1], [0.1, 0.2, 0.3], [0, 1, 1])).toBeNaN();
});

const rows = fc.array(
  fc.tuple(fc.constantFrom(0, 1), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })),
  {
    minLength: 2,
    maxLength: 60,
  },
);

test('depends on the order of the scores alone, and turns around with their sign', () => {
  fc.assert(
    fc.property(rows, (pairs) => {
      const labels = pairs.map(([label]) => label);
      const scores = pairs.map(([, score]) => score);
      fc.pre(labels.includes(0) && labels.includes(1));
      const value = auc(labels, scores);
      expect(
        auc(
          labels,
          scores.map((score) => 2 * score),
        ),
      ).toBe(value);
      expect(
        auc(
          labels,
          scores.map((score) => -score),
        ),
      ).toBeCloseTo(1 - value, 12);
      expect(
        auc(
          labels.map((label) => 1 - label),
          scores,
        ),
      ).toBeCloseTo(1 - value, 12);
    }),
  );
});

test('real weights: the share of weighted pairs that are in order', () => {
  const row = fc.record({
    label: fc.constantFrom(0, 1),
    score: fc.integer({ min: 0, max: 5 }),
    weight: fc.double({ min: 0.01, max: 9, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 2, maxLength: 25 }), (list) => {
      let [won, all] = [0, 0];
      for (const a of list) {
        for (const b of list) {
          if (a.label !== 1 || b.label !== 0) continue;
          all += a.weight * b.weight;
          won += a.weight * b.weight * (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0);
        }
      }
      fc.pre(all > 0);
      const value = auc(
        list.map((r) => r.label),
        list.map((r) => r.score),
        list.map((r) => r.weight),
      );
      expect(value).toBeCloseTo(won / all, 12);
      expect(value).toBeLessThanOrEqual(1);
    }),
  );
});

test('exact on a million rows: scores 0 … n − 1, every fourth label positive', { tags: ['long'] }, () => {
  const n = 1_000_000;
  const labels = Uint8Array.from({ length: n }, (_, i) => Number(i % 4 === 3));
  const scores = Float32Array.from({ length: n }, (_, i) => i);
  // The j-th positive (j from 0) beats 3 (j + 1) negatives: Σ = 3 P (P + 1) / 2, over P · 3 P pairs.
  const positives = n / 4;
  expect(auc(labels, scores)).toBe((positives + 1) / (2 * positives));
});

test('a state computed half-way can go on', () => {
  const state = auc.metric().create().update([0, 1], [0.2, 0.7]);
  expect(state.compute()).toBe(1);
  expect(state.update([0, 1], [0.8, 0.9]).compute()).toBe(0.75);
});

test('refuses in its own words', () => {
  expect(() => auc([0, 2], [0.1, 0.2])).toThrow(
    'auc: got labels[1] = 2; expected 0 or 1. Convert the labels to 0 and 1. Leave rows without a label out with { mask }.',
  );
  expect(() => auc([0, 1, 1], [0.1, 0.2])).toThrow(
    'auc: got 2 scores for 3 labels; expected one a row. Cut both from the same rows, in the same order.',
  );
});
