import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { meanMetric } from '../state/sum-metric.ts';

const largest = (values: Float64Array, start: number, width: number): number => {
  let best = 0;
  for (let c = 1; c < width; c++) if (values[start + c]! > values[start + best]!) best = c;
  return best;
};

/**
 * The streaming form of {@link multiclassAccuracy}.
 *
 * @example
 * multiclassAccuracyMetric().create().update([2, 0], [0.1, 0.2, 0.7, 0.3, 0.6, 0.1]).compute(); // 0.5
 */
export const multiclassAccuracyMetric = (): Metric =>
  meanMetric({
    name: 'multiclassAccuracy',
    description: 'the share of rows whose likeliest class is right',
    direction: 'higher',
    range: [0, 1],
    task: 'multiclass',
    rules: { label: 'class', prediction: 'score' },
    valueOf: ({ width, labels, predictions }, i) => Number(largest(predictions, i * width, width) === labels[i]),
  });

/**
 * The share of rows whose class has the highest score. Among equal scores, the first class counts as the highest.
 *
 * @param labels [rows] class indices 0 … classes − 1
 * @param scores [rows × classes] row-major: probabilities or logits
 * @param weights [rows], or `{ weights, mask }`
 * @returns in [0, 1]. NaN without rows (or weight)
 * @throws MetricError on wrong lengths, labels that aren't class indices, scores that aren't finite
 * @example
 * multiclassAccuracy([2, 0, 1], [0.1, 0.2, 0.7, 0.6, 0.3, 0.1, 0.5, 0.4, 0.1]); // 0.6667
 */
export const multiclassAccuracy = (
  labels: NumericArray,
  scores: NumericArray,
  weights?: WeightsOr<RowOptions>,
): number => measure('multiclassAccuracy', multiclassAccuracyMetric, labels, scores, weights);
