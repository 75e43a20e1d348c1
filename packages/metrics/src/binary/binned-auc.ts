import { requireCount } from '../metric-error.ts';
import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { sumMetric } from '../state/sum-metric.ts';

export interface BinnedAucConfig {
  /** The number of bins of equal width over [0, 1]. A bin takes 16 bytes. Default 10 000. */
  readonly bins?: number | undefined;
}

/**
 * Streaming {@link binnedAuc}: constant memory, whatever the number of rows.
 *
 * @example
 * binnedAucMetric({ bins: 4 }).create().update([0, 1, 1], [0.3, 0.4, 0.9]).compute(); // 0.75
 */
export const binnedAucMetric = ({ bins = 10_000 }: BinnedAucConfig = {}): Metric => {
  requireCount('binnedAuc', 'bins', bins);
  return sumMetric({
    name: 'binnedAuc',
    description: 'the AUC of scores in bins, in constant memory',
    direction: 'higher',
    range: [0, 1],
    task: 'binary',
    config: { bins },
    rules: { label: 'binary', prediction: 'probability' },
    size: 2 * bins, // negatives of each bin, then positives of each bin
    add: (sums, { count, labels, predictions, weights }) => {
      for (let i = 0; i < count; i++) {
        const bin = Math.min(Math.floor(predictions[i]! * bins), bins - 1);
        sums[labels[i]! * bins + bin]! += weights[i]!;
      }
    },
    compute: (sums) => {
      let positives = 0;
      let negatives = 0;
      let area = 0;
      for (let bin = 0; bin < bins; bin++) {
        area += sums[bins + bin]! * (negatives + sums[bin]! / 2);
        negatives += sums[bin]!;
        positives += sums[bins + bin]!;
      }
      return positives > 0 && negatives > 0 ? Math.min(1, area / (positives * negatives)) : NaN;
    },
  });
};

/**
 * The approximate AUC from a histogram. All scores in a bin count as tied. The error is at most
 * ½ Σ_bins (share of the positives in the bin) × (share of the negatives in it).
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @param weights [rows], or `{ weights, mask, bins }`
 * @returns in [0, 1]. NaN if only one class has weight
 * @throws MetricError on different lengths, labels other than 0 and 1, probabilities outside [0, 1], bins < 1
 * @example
 * binnedAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.75
 */
export const binnedAuc = (
  labels: NumericArray,
  probabilities: NumericArray,
  weights?: WeightsOr<RowOptions & BinnedAucConfig>,
): number => measure('binnedAuc', binnedAucMetric, labels, probabilities, weights);
