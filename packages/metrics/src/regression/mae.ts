import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { meanMetric } from '../state/sum-metric.ts';

/**
 * The streaming form of {@link mae}.
 *
 * @example
 * maeMetric().create().update([1], [4]).update([2], [-2]).compute(); // 3.5
 */
export const maeMetric = (): Metric =>
  meanMetric({
    name: 'mae',
    description: 'the mean absolute error',
    direction: 'lower',
    range: [0, Infinity],
    task: 'regression',
    rules: { label: 'value', prediction: 'value' },
    valueOf: ({ labels, predictions }, i) => Math.abs(predictions[i]! - labels[i]!),
  });

/**
 * The mean absolute error, in the unit of the labels.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @param weights [rows], or `{ weights, mask }`
 * @returns >= 0. NaN without rows (or weight)
 * @throws MetricError on different lengths, or values that aren't finite
 * @example
 * mae([3, -1, 2], [2, -1, 4]); // 1
 */
export const mae = (labels: NumericArray, predictions: NumericArray, weights?: WeightsOr<RowOptions>): number =>
  measure('mae', maeMetric, labels, predictions, weights);
