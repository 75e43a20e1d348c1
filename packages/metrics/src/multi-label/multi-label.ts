import { mean, sum } from '@polytask/components';
import { rankedAuc } from '../binary/areas.ts';
import { DEFAULT_EPSILON, entropy, surprise } from '../binary/losses.ts';
import { type MetricRows, weightedMeans } from '../input/rows.ts';
import { argsort } from '../order.ts';
import { measuring } from '../state/measure.ts';
import { rowMetric } from '../state/row-metric.ts';
import { meanMetric, one, sumMetric, weighted } from '../state/sum-metric.ts';

/** Whether a row has a label: bit `label` of its mask. */
const hasLabel = (mask: number, label: number): boolean => ((mask >> label) & 1) === 1;

/** The mean over labels of the log loss of a row. */
function rowLogLoss({ labels, predictions, width }: MetricRows, row: number): number {
  let loss = 0;
  for (let i = 0; i < width; i++) {
    const p = predictions[row * width + i]!;
    loss += surprise(hasLabel(labels[row]!, i) ? p : 1 - p, DEFAULT_EPSILON);
  }
  return loss / width;
}

/**
 * The mean over rows and labels of the log loss −(y log p + (1 − y) log(1 − p)), in nats.
 *
 * @param labels [rows] bit masks: the sum of 2ⁱ over the labels i of the row
 * @param probabilities [rows × labels] row-major, clipped to [1e-7, 1 − 1e-7]
 * @returns >= 0. NaN without rows (or weight)
 * @example
 * multiLabelLogLoss([0b01, 0b11], [0.9, 0.2, 0.6, 0.5]); // 0.383119
 */
export const multiLabelLogLoss = /* @__PURE__ */ measuring('multiLabelLogLoss', () =>
  meanMetric({
    name: 'logLoss',
    label: 'log loss',
    description: 'the mean over labels of the log loss',
    direction: 'lower',
    task: 'multi-label',
    valueOf: rowLogLoss,
  }),
);

/**
 * The normalized entropy of He et al. 2014 for several labels: the log loss / the log loss of always predicting each label's share of the
 * evaluated rows. Both are means over labels. Below 1, the model is better than the shares.
 *
 * @param labels [rows] bit masks: the sum of 2ⁱ over the labels i of the row
 * @param probabilities [rows × labels] row-major, clipped to [1e-7, 1 − 1e-7]
 * @returns >= 0. NaN if all rows have the same labels (the shares then have no entropy)
 * @example
 * multiLabelNormalizedEntropy([0b01, 0b10, 0b00], [0.9, 0.2, 0.3, 0.6, 0.2, 0.2]); // 0.430022
 */
export const multiLabelNormalizedEntropy = /* @__PURE__ */ measuring('multiLabelNormalizedEntropy', () =>
  sumMetric({
    name: 'ne',
    label: 'NE',
    measured: 'named',
    description: 'log loss over that of the share of each label: below 1 is better than a constant',
    direction: 'lower',
    task: 'multi-label',
    constant: weightedMeans((mask, label) => Number(hasLabel(mask, label))),
    size: 2, // Σ w loss, Σ w
    perClass: (labels) => labels, // Σ w of the rows with each label
    add: (sums, rows) => {
      weighted(rowLogLoss, one).add(sums, rows);
      const { count, width, labels, weights } = rows;
      for (let row = 0; row < count; row++) {
        for (let i = 0; i < width; i++) if (hasLabel(labels[row]!, i)) sums[2 + i]! += weights[row]!;
      }
    },
    compute: ([loss, weight, ...labels]) => {
      const rates = labels.map((each) => each / weight!).filter((rate) => rate > 0 && rate < 1);
      const total = sum(rates, entropy);
      return total > 0 ? loss! / weight! / (total / labels.length) : NaN;
    },
  }),
);

/**
 * The macro average of the AUC: each label's area under the ROC curve, and then the mean over labels. A label that all rows have, or none,
 * is left out.
 *
 * @param labels [rows] bit masks: the sum of 2ⁱ over the labels i of the row
 * @param scores [rows × labels] row-major, finite. Logits and probabilities have the same AUC
 * @returns in [0, 1], .5 for a random order. NaN if no label tells rows apart
 * @example
 * multiLabelAuc([0b01, 0b10, 0b00], [0.9, 0.2, 0.3, 0.6, 0.4, 0.7]); // 0.75
 */
export const multiLabelAuc = /* @__PURE__ */ measuring('multiLabelAuc', () =>
  rowMetric({
    name: 'auc',
    label: 'AUC',
    description: 'the mean over labels of the AUC',
    direction: 'higher',
    task: 'multi-label',
    rules: { prediction: 'score' },
    compute(rows) {
      const width = rows.predictions.length / Math.max(1, rows.count);
      const areas = Array.from({ length: width }, (_, i) => {
        const labels = rows.labels.map((mask) => Number(hasLabel(mask, i)));
        const predictions = rows.labels.map((_, row) => rows.predictions[row * width + i]!);
        return rankedAuc({ ...rows, labels, predictions }, argsort(predictions), 0, rows.count);
      }).filter((area) => !Number.isNaN(area));
      return mean(areas);
    },
  }),
);
