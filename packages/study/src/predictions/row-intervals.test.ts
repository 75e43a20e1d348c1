import { delongInterval } from '@polytask/metrics';
import { expect, test } from 'vitest';
import { rowIntervals } from './row-intervals.ts';

const predicted = (labels: readonly number[], predictions: readonly number[], weights = labels.map(() => 1)) => ({
  rows: Uint32Array.from(labels, (_, row) => row),
  labels: Float64Array.from(labels),
  predictions: Float64Array.from(predictions),
  weights: Float64Array.from(weights),
});

test('an RMSE has the root of the t interval of the squared errors', () => {
  // squared errors 1, 4, 4, 9: mean 4.5, deviation √(33 / 3) = 3.3166, t(.975, 3) = 3.18245
  const { rmse } = rowIntervals({ rmse: Math.sqrt(4.5) }, predicted([0, 0, 0, 0], [1, 2, -2, 3]));
  const half = (3.18245 * Math.sqrt(11)) / 2;
  expect(rmse).toEqual({ low: 0, high: expect.closeTo(Math.sqrt(4.5 + half), 4) as number });
});

test('an RMSLE is the same of the logarithms', () => {
  const of = (values: number[]) => values.map((value) => Math.sign(value) * Math.expm1(Math.abs(value)));
  const { rmsle } = rowIntervals({ rmsle: 2 }, predicted(of([0, 1, 2, -1]), of([2, 3.1, 4, 1])));
  const { rmse } = rowIntervals({ rmse: 2 }, predicted([0, 1, 2, -1], [2, 3.1, 4, 1]));
  expect(rmsle!.low).toBeCloseTo(rmse!.low, 9);
  expect(rmsle!.high).toBeCloseTo(rmse!.high, 9);
  expect(rmsle!.low).toBeLessThan(2.03);
});

test("accuracies have Wilson's interval and an AUC DeLong's; other metrics have none", () => {
  const binary = predicted([0, 1, 0, 1, 1], [0.2, 0.9, 0.6, 0.4, 0.8]);
  const { auc, accuracy, ...others } = rowIntervals({ auc: 0.8, ne: 0.9, accuracy: 0.6 }, binary);
  const { low, high } = delongInterval(binary.labels, binary.predictions);
  expect([auc, others]).toEqual([{ low, high }, {}]);
  expect(accuracy!.low).toBeCloseTo(0.2307, 4); // Wilson's for 3 of 5
  expect(accuracy!.high).toBeCloseTo(0.8824, 4);
  expect(rowIntervals({ multiclassAccuracy: 0.6 }, predicted([0, 1, 0, 1, 1], []))).toEqual({
    multiclassAccuracy: accuracy,
  });
});

test('rows of different weights, and no rows, have none', () => {
  expect(rowIntervals({ rmse: 1 }, predicted([0, 0], [1, 1], [1, 2]))).toEqual({});
  expect(rowIntervals({ accuracy: NaN }, predicted([], []))).toEqual({});
});
