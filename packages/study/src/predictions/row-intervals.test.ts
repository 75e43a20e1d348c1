import { delongInterval, groupedAuc, jackknifeInterval, normalizedEntropy, rmse as rmseOf } from '@polytask/metrics';
import { expect, test } from 'vitest';
import { rowIntervals } from './tested-scores.ts';

const predicted = (labels: readonly number[], predictions: readonly number[], weights = labels.map(() => 1)) => ({
  rows: Uint32Array.from(labels, (_, row) => row),
  labels: Float64Array.from(labels),
  predictions: Float64Array.from(predictions),
  weights: Float64Array.from(weights),
});

test('an RMSE has the root of the t interval of the squared errors', () => {
  // squared errors 1, 4, 4, 9: mean 4.5, deviation √(33 / 3) = 3.3166, t(.975, 3) = 3.18245
  const { rmse } = rowIntervals('regression', { rmse: Math.sqrt(4.5) }, predicted([0, 0, 0, 0], [1, 2, -2, 3]));
  const half = (3.18245 * Math.sqrt(11)) / 2;
  expect(rmse).toEqual({ low: 0, high: expect.closeTo(Math.sqrt(4.5 + half), 4) as number });
});

test('an RMSLE is the same of the logarithms', () => {
  const of = (values: number[]) => values.map((value) => Math.sign(value) * Math.expm1(Math.abs(value)));
  const { rmsle } = rowIntervals('regression', { rmsle: 2 }, predicted(of([0, 1, 2, -1]), of([2, 3.1, 4, 1])));
  const { rmse } = rowIntervals('regression', { rmse: 2 }, predicted([0, 1, 2, -1], [2, 3.1, 4, 1]));
  expect(rmsle!.low).toBeCloseTo(rmse!.low, 9);
  expect(rmsle!.high).toBeCloseTo(rmse!.high, 9);
  expect(rmsle!.low).toBeLessThan(2.03);
});

test("accuracies have Wilson's interval and an AUC DeLong's; other metrics have the jackknife's", () => {
  const binary = predicted([0, 1, 0, 1, 1], [0.2, 0.9, 0.6, 0.4, 0.8]);
  const { auc, accuracy, ...others } = rowIntervals('binary', { auc: 0.8, ne: 0.9, accuracy: 0.6 }, binary);
  const { low, high } = delongInterval(binary.labels, binary.predictions);
  const bounds = jackknifeInterval(normalizedEntropy.metric(), binary.labels, binary.predictions);
  const ne = { low: bounds.low, high: bounds.high };
  expect([auc, others]).toEqual([{ low, high }, { ne }]);
  expect(ne.low).toBeLessThan(ne.high);
  expect(accuracy!.low).toBeCloseTo(0.2307, 4); // Wilson's for 3 of 5
  expect(accuracy!.high).toBeCloseTo(0.8824, 4);
  expect(rowIntervals('multiclass', { accuracy: 0.6 }, predicted([0, 1, 0, 1, 1], []))).toEqual({
    accuracy,
  });
});

test('rows of different weights have those of the jackknife, and no rows have none', () => {
  const weights = [1, 2, 1, 3];
  const { low, high } = jackknifeInterval(rmseOf.metric(), [0, 0, 0, 0], [1, 2, -2, 3], { weights });
  expect(rowIntervals('regression', { rmse: 2 }, predicted([0, 0, 0, 0], [1, 2, -2, 3], weights))).toEqual({
    rmse: { low, high },
  });
  expect(high).toBeGreaterThan(low);
  expect(rowIntervals('binary', { accuracy: NaN }, predicted([], []))).toEqual({});
});

test('several labels, times, quantiles and groups have intervals, as any metric has', () => {
  const several = predicted([1, 2, 3, 0, 1, 2], [0.9, 0.2, 0.3, 0.6, 0.4, 0.7, 0.5, 0.3, 0.2, 0.4, 0.6, 0.5]);
  const times = predicted([5, -9, 7, 2, 3], [0.3, 0.6, 0.4, 0.3, 0.5]);
  const quantiles = predicted([1, 5, 3, 2], [0, 2, 1, 4, 3, 9, 2, 2]);
  const intervals = {
    ...rowIntervals('multi-label', { auc: 0.5, logLoss: 0.7, ne: 1 }, several),
    ...rowIntervals('survival', { 'c-index': 0.9 }, times),
    ...rowIntervals('quantiles', { 'pinball@0.1:0.9': 0.3 }, quantiles),
  };
  expect(Object.keys(intervals)).toEqual([...['auc', 'logLoss', 'ne', 'c-index', 'pinball@0.1:0.9']]);
  for (const [name, { low, high }] of Object.entries(intervals)) expect(high, name).toBeGreaterThan(low);

  const rows = {
    ...predicted([0, 1, 0, 1, 1, 0], [0.2, 0.9, 0.6, 0.4, 0.8, 0.1]),
    rows: Uint32Array.of(1, 2, 4, 5, 6, 7),
  };
  const groups = [9, 7, 7, 9, 8, 8, 5, 5];
  const own = { groups: [7, 7, 8, 8, 5, 5] };
  const { low, high } = jackknifeInterval(groupedAuc.metric(), rows.labels, rows.predictions, own);
  expect(rowIntervals('binary', { gauc: 0.6 }, rows, groups)).toEqual({ gauc: { low, high } });
  expect(high).toBeGreaterThan(low);
});
