import { requireBetween } from '../input/config.ts';
import { asOptions, type WeightsOr } from '../input/row-options.ts';
import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure } from '../state/identity.ts';
import { sumMetric } from '../state/sum-metric.ts';

export interface AccuracyConfig {
  /** Probabilities at or above it count as a prediction of 1. Default .5. */
  readonly threshold?: number | undefined;
}

/**
 * Streaming {@link accuracy}.
 *
 * @example
 * accuracyMetric({ threshold: 0.7 }).create().update([1, 0], [0.6, 0.2]).compute(); // 0.5
 */
export const accuracyMetric = ({ threshold = 0.5 }: AccuracyConfig = {}): Metric => {
  requireBetween('accuracy', 'threshold', threshold, 0, 1);
  return sumMetric({
    name: 'accuracy',
    direction: 'higher',
    task: 'binary',
    config: { threshold },
    rules: { label: 'binary', prediction: 'probability' },
    size: 2, // Σ w of the rows that are right, Σ w
    add: (sums, { count, labels, predictions, weights }) => {
      for (let i = 0; i < count; i++) {
        if (predictions[i]! >= threshold === (labels[i] === 1)) sums[0]! += weights[i]!;
        sums[1]! += weights[i]!;
      }
    },
    compute: ([right, weight]) => right! / weight!,
  });
};

/**
 * The share of rows whose thresholded probability is their label.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @param weights [rows], or `{ weights, mask, threshold }`
 * @returns in [0, 1]; defined for one class; NaN without rows (or weight)
 * @throws MetricError on lengths that differ, labels other than 0 and 1, probabilities outside [0, 1]
 * @example
 * accuracy([1, 0, 1], [0.9, 0.2, 0.4]); // 0.6667
 */
export const accuracy = (
  labels: NumericArray,
  probabilities: NumericArray,
  weights?: WeightsOr<RowOptions & AccuracyConfig>,
): number => {
  const options = asOptions('accuracy', weights);
  return measure(accuracyMetric(options), labels, probabilities, options);
};
