import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { meanMetric } from '../state/sum-metric.ts';

/**
 * The streaming form of {@link rmse}.
 *
 * @example
 * rmseMetric().create().update([1], [4]).update([2], [-2]).compute(); // 3.535534
 */
export const rmseMetric = (): Metric =>
  meanMetric({
    name: 'rmse',
    description: 'the root of the mean squared error',
    direction: 'lower',
    range: [0, Infinity],
    task: 'regression',
    rules: { label: 'value', prediction: 'value' },
    valueOf: ({ labels, predictions }, i) => (predictions[i]! - labels[i]!) ** 2,
    compute: Math.sqrt,
  });

/**
 * The root of the mean squared error, in the unit of the labels.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @param weights [rows], or `{ weights, mask }`
 * @returns >= 0. NaN without rows (or weight)
 * @throws MetricError on different lengths, or values that aren't finite
 * @example
 * rmse([3, -1, 2], [2, -1, 4]); // 1.290994
 */
export const rmse = (labels: NumericArray, predictions: NumericArray, weights?: WeightsOr<RowOptions>): number =>
  measure('rmse', rmseMetric, labels, predictions, weights);
