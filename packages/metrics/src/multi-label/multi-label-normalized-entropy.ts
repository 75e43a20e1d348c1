import { entropy } from '../binary/normalized-entropy.ts';
import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { sumMetric } from '../state/sum-metric.ts';
import { hasLabel, rowLogLoss } from './multi-label-log-loss.ts';

/**
 * The streaming form of {@link multiLabelNormalizedEntropy}. Its name in scores is `multiLabelNe`.
 *
 * @example
 * multiLabelNormalizedEntropyMetric().create().update([0b01, 0b10], [0.5, 0.5, 0.5, 0.5]).compute(); // 1
 */
export const multiLabelNormalizedEntropyMetric = (): Metric =>
  sumMetric({
    name: 'multiLabelNe',
    description: 'log loss over that of the share of each label: below 1 is better than a constant',
    direction: 'lower',
    range: [0, Infinity],
    task: 'multi-label',
    rules: { label: 'mask', prediction: 'probability' },
    size: 2, // Σ w loss, Σ w
    perClass: true, // Σ w of the rows with each label
    add: (sums, rows) => {
      const { count, width, labels, weights } = rows;
      for (let row = 0; row < count; row++) {
        sums[0]! += weights[row]! * rowLogLoss(rows, row);
        sums[1]! += weights[row]!;
        for (let i = 0; i < width; i++) if (hasLabel(labels[row]!, i)) sums[2 + i]! += weights[row]!;
      }
    },
    compute: ([loss, weight, ...labels]) => {
      const rates = labels.map((each) => each / weight!).filter((rate) => rate > 0 && rate < 1);
      const total = rates.reduce((sum, rate) => sum + entropy(rate), 0);
      return total > 0 ? loss! / weight! / (total / labels.length) : NaN;
    },
  });

/**
 * The normalized entropy of He et al. 2014 for several labels: the log loss / the log loss of always predicting each label's share of the
 * evaluated rows. Both are means over labels. Below 1, the model is better than the shares.
 *
 * @param labels [rows] bit masks: the sum of 2ⁱ over the labels i of the row
 * @param probabilities [rows × labels] row-major, clipped to [1e-7, 1 − 1e-7]
 * @param weights [rows], or `{ weights, mask }`
 * @returns >= 0. NaN if all rows have the same labels (the shares then have no entropy)
 * @throws MetricError on wrong lengths, labels that aren't bit masks, probabilities outside [0, 1]
 * @example
 * multiLabelNormalizedEntropy([0b01, 0b10, 0b00], [0.9, 0.2, 0.3, 0.6, 0.2, 0.2]); // 0.430022
 */
export const multiLabelNormalizedEntropy = (
  labels: NumericArray,
  probabilities: NumericArray,
  weights?: WeightsOr<RowOptions>,
): number => measure('multiLabelNormalizedEntropy', multiLabelNormalizedEntropyMetric, labels, probabilities, weights);
