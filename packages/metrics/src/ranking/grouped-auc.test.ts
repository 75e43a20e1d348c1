import { expect, test } from 'vitest';
import { auc } from '../binary/areas.ts';
import { groupedAuc, groupedAucSummary } from './ranking.ts';

// Group 7: AUC 1 of 2 rows, 1 positive. Group 8: AUC ½ of 3 rows, 2 positives. Group 9: one class.
const labels = [0, 1, 0, 1, 1, 1, 1];
const scores = [0.2, 0.7, 0.9, 0.8, 0.95, 0.1, 0.3];
const groups = [7, 7, 8, 8, 8, 9, 9];

test('each weighting by hand', () => {
  expect(groupedAuc(labels, scores, groups)).toBeCloseTo((2 * 1 + 3 * 0.5) / 5, 15);
  expect(groupedAuc(labels, scores, groups, { weighting: 'positives' })).toBeCloseTo((1 * 1 + 2 * 0.5) / 3, 15);
  expect(groupedAuc(labels, scores, groups, { weighting: 'uniform' })).toBeCloseTo((1 + 0.5) / 2, 15);
});

test('counts the groups, and those that it skips for having one class', () => {
  expect(groupedAucSummary(labels, scores, groups)).toEqual({ value: 0.7, groups: 2, skipped: 1 });
  expect(groupedAucSummary([1, 1], [0.1, 0.2], ['a', 'b'])).toEqual({ value: NaN, groups: 0, skipped: 2 });
});

test('sample weights count inside groups and between them', () => {
  const weights = [1, 3, 2, 1, 4, 1, 1];
  const second = 4 / 5; // positives .8 (weight 1, lost) and .95 (weight 4, won) against one negative
  expect(groupedAuc(labels, scores, groups, { weights })).toBeCloseTo((4 * 1 + 7 * second) / 11, 15);
  expect(groupedAuc(labels, scores, groups, { weights, weighting: 'positives' })).toBeCloseTo(
    (3 * 1 + 5 * second) / 8,
    15,
  );
  expect(groupedAuc(labels, scores, groups, { weights, weighting: 'uniform' })).toBeCloseTo((1 + second) / 2, 15);
});

test('a single group gives the AUC, and what differs between groups earns nothing', () => {
  expect(
    groupedAuc(
      labels,
      scores,
      labels.map(() => 'all'),
    ),
  ).toBe(auc(labels, scores));
  const user = ['a', 'a', 'b', 'b'];
  expect(auc([0, 0, 1, 1], [0.1, 0.1, 0.9, 0.9])).toBe(1);
  expect(groupedAuc([0, 0, 1, 1], [0.1, 0.1, 0.9, 0.9], user)).toBeNaN();
  expect(groupedAuc([0, 1, 0, 1], [0.1, 0.1, 0.9, 0.9], user)).toBe(0.5);
});

test('takes ids in typed arrays, and text', () => {
  expect(groupedAuc(labels, scores, Int32Array.from(groups))).toBeCloseTo(0.7, 15);
  expect(
    groupedAuc(
      labels,
      scores,
      groups.map((id) => `user ${id}`),
    ),
  ).toBeCloseTo(0.7, 15);
  expect(() => groupedAuc(labels, scores, BigInt64Array.from(groups, BigInt) as never)).toThrow(
    'gauc: got groups[0] = 7n',
  );
});
