import { expect, test } from 'vitest';
import { prAuc } from './areas.ts';

test.each([
  ['scikit-learn’s example', [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 0.5 * 1 + 0.5 * (2 / 3)],
  ['perfect order', [0, 0, 1, 1], [1, 2, 3, 4], 1],
  ['reversed order', [1, 1, 0, 0], [1, 2, 3, 4], 0.5 * (1 / 3) + 0.5 * (2 / 4)],
  ['constant scores: the base rate', [0, 1, 0, 0, 1], [7, 7, 7, 7, 7], 0.4],
  ['a tie is one threshold', [1, 0, 1, 0], [0.9, 0.5, 0.5, 0.1], 0.5 * 1 + 0.5 * (2 / 3)],
])('%s', (_, labels, scores, expected) => {
  expect(prAuc(labels, scores)).toBeCloseTo(expected, 15);
});

test('real weights: by hand', () => {
  // From the top: +1.5 (P 1), −.5, +2.5 (P 4 / 4.5); positives 4.
  expect(prAuc([1, 0, 1], [3, 2, 1], [1.5, 0.5, 2.5])).toBeCloseTo((1.5 * 1 + 2.5 * (4 / 4.5)) / 4, 15);
});

test('is undefined without positives, 1 without negatives', () => {
  expect(prAuc([0, 0], [0.1, 0.2])).toBeNaN();
  expect(prAuc([0, 1], [0.1, 0.2], [1, 0])).toBeNaN();
  expect(prAuc([1, 1], [0.1, 0.2])).toBe(1);
});

test('rows without weight at the top change nothing', () => {
  expect(prAuc([1, 0, 1], [3, 2, 1], [0, 1, 1])).toBe(0.5);
});
