import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { meanMetric } from '../state/sum-metric.ts';

const signedLog = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value));

/**
 * The streaming form of {@link rmsle}.
 *
 * @example
 * rmsleMetric().create().update([0], [1]).update([3], [7]).compute(); // 0.693147
 */
export const rmsleMetric = (): Metric =>
  meanMetric({
    name: 'rmsle',
    description: 'the root of the mean squared error of sign(y)·log(1 + |y|)',
    direction: 'lower',
    range: [0, Infinity],
    task: 'regression',
    rules: { label: 'value', prediction: 'value' },
    valueOf: ({ labels, predictions }, i) => (signedLog(predictions[i]!) - signedLog(labels[i]!)) ** 2,
    compute: Math.sqrt,
  });

/**
 * The root mean squared logarithmic error: the RMSE of log(1 + y), and of −log(1 − y) for numbers below 0. A few large labels don't
 * decide it, as they do the RMSE.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @param weights [rows], or `{ weights, mask }`
 * @returns >= 0. NaN without rows (or weight)
 * @throws MetricError on different lengths, or values that aren't finite
 * @example
 * rmsle([0, 3], [1, 7]); // 0.693147
 */
export const rmsle = (labels: NumericArray, predictions: NumericArray, weights?: WeightsOr<RowOptions>): number =>
  measure('rmsle', rmsleMetric, labels, predictions, weights);
