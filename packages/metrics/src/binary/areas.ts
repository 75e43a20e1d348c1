import { requireCount } from '../metric-error.ts';
import { argsort } from '../order.ts';
import { measuring } from '../state/measure.ts';
import { rowMetric, type StoredRows } from '../state/row-metric.ts';
import { sumMetric } from '../state/sum-metric.ts';

/**
 * The area under the ROC curve of rows `order[start … end)`, which must ascend by prediction:
 * U = Σ over tied scores of positives × (negatives below + tied negatives / 2); AUC = U / (positives × negatives).
 */
export const rankedAuc = (rows: StoredRows, order: Uint32Array, start: number, end: number): number => {
  const { labels, predictions, weights } = rows;
  let positives = 0;
  let negatives = 0; // with a lower score
  let area = 0;
  for (let i = start; i < end;) {
    const score = predictions[order[i]!]!;
    let tiedPositives = 0;
    let tiedNegatives = 0;
    for (; i < end && predictions[order[i]!] === score; i++) {
      const row = order[i]!;
      if (labels[row] === 1) tiedPositives += weights[row]!;
      else tiedNegatives += weights[row]!;
    }
    area += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return positives > 0 && negatives > 0 ? Math.min(1, area / (positives * negatives)) : NaN;
};

/**
 * The exact area under the ROC curve: the chance that a random positive row has a higher score than a random negative row. A
 * tie counts half. The chance of drawing a row is proportional to its weight. O(rows).
 *
 * Paper: Hanley & McNeil 1982, "The meaning and use of the area under a ROC curve" (AUC = Mann–Whitney U / (P N)).
 *
 * @param labels [rows] of 0 or 1
 * @param scores [rows] finite. Logits and probabilities have the same AUC
 * @returns in [0, 1], .5 for a random order. NaN if only one class has weight
 * @example
 * auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.75
 * auc([1, 1], [0.2, 0.9]); // NaN
 */
export const auc = /* @__PURE__ */ measuring('auc', () =>
  rowMetric({
    name: 'auc',
    label: 'AUC',
    also: ['rocAuc'],
    description: 'the area under the ROC curve: how often a positive row ranks above a negative one',
    paper: 'Hanley & McNeil 1982',
    direction: 'higher',
    task: 'binary',
    rules: { prediction: 'score' },
    compute: (rows) => rankedAuc(rows, argsort(rows.predictions), 0, rows.count),
  }),
);

export interface BinnedAucOptions {
  /** The number of bins of equal width over [0, 1]. A bin takes 16 bytes. Default 10 000. */
  readonly bins?: number | undefined;
}

/**
 * The approximate AUC from a histogram. All scores in a bin count as tied. The error is at most
 * ½ Σ_bins (share of the positives in the bin) × (share of the negatives in it).
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @returns in [0, 1]. NaN if only one class has weight
 * @throws MetricError on bins that aren't a whole number >= 1
 * @example
 * binnedAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.75
 */
export const binnedAuc = /* @__PURE__ */ measuring('binnedAuc', ({ bins = 10_000 }: BinnedAucOptions) => {
  requireCount('binnedAuc', 'bins', bins);
  return sumMetric({
    name: 'binnedAuc',
    label: 'binned AUC',
    measured: 'named',
    description: 'the AUC of scores in bins, in constant memory',
    direction: 'higher',
    task: 'binary',
    config: { bins },
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
});

const averagePrecision = ({ count, labels, predictions, weights }: StoredRows): number => {
  const order = argsort(predictions);
  let positives = 0; // with a score >= threshold
  let selected = 0; // positives and negatives with a score >= threshold
  let area = 0;
  for (let i = count - 1; i >= 0;) {
    const threshold = predictions[order[i]!]!;
    let tiedPositives = 0;
    for (; i >= 0 && predictions[order[i]!] === threshold; i--) {
      const row = order[i]!;
      if (labels[row] === 1) tiedPositives += weights[row]!;
      selected += weights[row]!;
    }
    positives += tiedPositives;
    if (tiedPositives > 0) area += tiedPositives * (positives / selected);
  }
  return positives > 0 ? Math.min(1, area / positives) : NaN;
};

/**
 * The area under the precision–recall curve as average precision: Σ_k (R_k − R_{k−1}) P_k over the distinct scores, from the
 * highest to the lowest. R_k and P_k are recall and precision of the rows with at least that score. The trapezoidal rule would
 * be too optimistic (Davis & Goadrich 2006, "The relationship between precision–recall and ROC curves").
 *
 * @param labels [rows] of 0 or 1
 * @param scores [rows] any finite numbers
 * @returns in (0, 1], about the share of positives for a random order. NaN without positives, 1 without negatives
 * @example
 * prAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.8333
 */
export const prAuc = /* @__PURE__ */ measuring('prAuc', () =>
  rowMetric({
    name: 'prAuc',
    label: 'PR AUC',
    also: ['averagePrecision'],
    measured: 'named',
    description: 'the area under the precision-recall curve: average precision',
    direction: 'higher',
    task: 'binary',
    rules: { prediction: 'score' },
    compute: averagePrecision,
  }),
);
