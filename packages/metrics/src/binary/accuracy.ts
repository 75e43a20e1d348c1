import { requireBetween } from '../metric-error.ts';
import { measuring } from '../state/measure.ts';
import { meanMetric } from '../state/sum-metric.ts';

export interface AccuracyOptions {
  /** A probability >= `threshold` predicts 1. Default .5. */
  readonly threshold?: number | undefined;
}

/**
 * The share of rows whose thresholded probability is their label.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @param weights [rows], or `{ weights, mask, threshold }`
 * @returns in [0, 1]. Defined for one class. NaN without rows (or weight)
 * @throws MetricError on different lengths, labels other than 0 and 1, probabilities outside [0, 1]
 * @example
 * accuracy([1, 0, 1], [0.9, 0.2, 0.4]); // 0.6667
 */
export const accuracy = /* @__PURE__ */ measuring('accuracy', ({ threshold = 0.5 }: AccuracyOptions) => {
  requireBetween('accuracy', 'threshold', threshold, 0, 1);
  return meanMetric({
    name: 'accuracy',
    label: 'accuracy',
    also: ['acc'],
    measured: 'named',
    description: 'the share of rows on the right side of the threshold',
    direction: 'higher',
    task: 'binary',
    config: { threshold },
    valueOf: ({ labels, predictions }, i) => Number(predictions[i]! >= threshold === (labels[i] === 1)),
  });
});
