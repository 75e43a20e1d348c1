import { expect, test } from 'vitest';
import { ndcg, ndcgAt } from './ranking.ts';

const one = (n: number) => Array<number>(n).fill(1);
const places = [6, 5, 4, 3, 2, 1]; // scores that keep the order of the labels

test('known values', () => {
  const grades = [3, 2, 3, 0, 1, 2]; // the example of Wikipedia's article: linear DCG 6.861, nDCG .961
  expect(ndcg(grades, places, one(6), { gain: 'linear' })).toBeCloseTo(0.960808194336062, 14);
  expect(ndcg(grades, places, one(6))).toBeCloseTo(0.948810748567898, 14);
  expect(ndcg(grades, places, one(6), { k: 3 })).toBeCloseTo(0.95945351459268, 14);
});

test('scikit-learn’s examples (.69, .49, .35 in its documentation; digits from mpmath)', () => {
  const gains = [10, 0, 0, 1, 5];
  const options = { gain: 'linear' } as const;
  expect(ndcg(gains, [0.1, 0.2, 0.3, 4, 70], one(5), options)).toBeCloseTo(0.695694044381307, 14);
  expect(ndcg(gains, [0.05, 1.1, 1, 0.5, 0], one(5), options)).toBeCloseTo(0.493680191377376, 14);
  expect(ndcg(gains, [0.05, 1.1, 1, 0.5, 0], one(5), { ...options, k: 4 })).toBeCloseTo(0.352024110063449, 14);
  expect(ndcg(gains, gains, one(5), { ...options, k: 4 })).toBe(1);
  expect(ndcg(gains, [1, 0, 0, 0, 1], one(5), { ...options, k: 1 })).toBe(0.75); // (10 + 5) / 2 of 10
});

const permutations = (rows: number[]): number[][] =>
  rows.length < 2 ? [rows] : rows.flatMap((row, i) => permutations(rows.toSpliced(i, 1)).map((rest) => [row, ...rest]));

test('tied scores: the mean over all orders of the tied rows', () => {
  const [labels, scores] = [
    [3, 0, 2, 1, 2],
    [0.5, 0.5, 0.9, 0.5, 0.1],
  ];
  for (const k of [1, 2, 3, 4, 5]) {
    const orders = permutations([0, 1, 3]).map((tied) => [2, ...tied, 4]);
    const values = orders.map((order) =>
      ndcg(
        order.map((row) => labels[row]!),
        [5, 4, 3, 2, 1],
        one(5),
        { k },
      ),
    );
    expect(ndcg(labels, scores, one(5), { k })).toBeCloseTo(values.reduce((a, b) => a + b) / values.length, 13);
  }
});

test('queries count by the mean weight of their rows; queries without a relevant row are skipped', () => {
  const labels = [1, 0, 0, 1, 0, 0];
  const scores = [2, 1, 2, 1, 2, 1];
  const groups = ['a', 'a', 'b', 'b', 'c', 'c'];
  const second = 1 / Math.log2(3);
  expect(ndcg(labels, scores, groups)).toBeCloseTo((1 + second) / 2, 15);
  expect(ndcg(labels, scores, groups, { weights: [3, 1, 1, 1, 9, 9] })).toBeCloseTo((2 * 1 + second) / 3, 15);
  expect(ndcg([0, 0], [1, 2], ['a', 'a'])).toBeNaN();
});

test('carries k in its name, and refuses grades that would overflow', () => {
  expect(ndcgAt(5).name).toBe('ndcg@5');
  expect(ndcgAt(5, { gain: 'linear' }).config).toEqual({ k: 5, gain: 'linear' });
  expect(() => ndcg([2000, 1], [1, 2], [1, 1])).toThrow(
    'ndcg@10: got labels[0] = 2000; expected a relevance grade from 0 to 1000',
  );
  expect(ndcg([2000, 1], [2, 1], [1, 1], { gain: 'linear' })).toBe(1);
});
