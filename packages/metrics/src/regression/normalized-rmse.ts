import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { sumMetric } from '../state/sum-metric.ts';
import { explainedSums } from './r2.ts';

/**
 * The streaming form of {@link normalizedRmse}. Its name in scores is `nrmse`.
 *
 * @example
 * normalizedRmseMetric().create().update([1, 3], [2, 2]).compute(); // 1
 */
export const normalizedRmseMetric = (): Metric =>
  sumMetric({
    ...explainedSums,
    name: 'nrmse',
    description: "the RMSE over the labels' deviation: below 1 is better than the mean",
    direction: 'lower',
    range: [0, Infinity],
    compute: ([weight, , squares, errors]) => (weight! > 0 && squares! > 0 ? Math.sqrt(errors! / squares!) : NaN),
  });

/**
 * RMSE / the standard deviation of the labels of the evaluated rows (divisor Σ w) = √(1 − R²). It has no unit, so tasks with
 * different units are comparable. Below 1, the model is better than the mean.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @param weights [rows], or `{ weights, mask }`
 * @returns >= 0. NaN if all labels are the same, or without rows (or weight)
 * @throws MetricError on different lengths, or values that aren't finite
 * @example
 * normalizedRmse([3, -1, 2], [2, -1, 4]); // 0.759555
 */
export const normalizedRmse = (
  labels: NumericArray,
  predictions: NumericArray,
  weights?: WeightsOr<RowOptions>,
): number => measure('normalizedRmse', normalizedRmseMetric, labels, predictions, weights);
