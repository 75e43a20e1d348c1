import { asOptions, type WeightsOr } from '../input/row-options.ts';
import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure } from '../state/identity.ts';
import { sumMetric } from '../state/sum-metric.ts';

/**
 * Streaming {@link rmse}.
 *
 * @example
 * rmseMetric().create().update([1], [4]).update([2], [-2]).compute(); // 3.535534
 */
export const rmseMetric = (): Metric =>
  sumMetric({
    name: 'rmse',
    direction: 'lower',
    task: 'regression',
    rules: { label: 'value', prediction: 'value' },
    size: 2, // Σ w error², Σ w
    add: (sums, { count, labels, predictions, weights }) => {
      for (let i = 0; i < count; i++) {
        sums[0]! += weights[i]! * (predictions[i]! - labels[i]!) ** 2;
        sums[1]! += weights[i]!;
      }
    },
    compute: ([squares, weight]) => Math.sqrt(squares! / weight!),
  });

/**
 * Root of the mean squared error, in the unit of the labels.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @param weights [rows], or `{ weights, mask }`
 * @returns >= 0; NaN without rows (or weight)
 * @throws MetricError on lengths that differ or values that aren't finite
 * @example
 * rmse([3, -1, 2], [2, -1, 4]); // 1.290994
 */
export const rmse = (labels: NumericArray, predictions: NumericArray, weights?: WeightsOr<RowOptions>): number =>
  measure(rmseMetric(), labels, predictions, asOptions('rmse', weights));
