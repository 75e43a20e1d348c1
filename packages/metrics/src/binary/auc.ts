import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { argsort } from '../order.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { rowMetric, type StoredRows } from '../state/row-metric.ts';

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
 * The streaming form of {@link auc}. It keeps all rows, 24 bytes each. `binnedAucMetric` is an
 * approximation in constant memory.
 *
 * @example
 * aucMetric().create().update([0, 1], [0.2, 0.7]).update([0, 1], [0.8, 0.9]).compute(); // 0.75
 */
export const aucMetric = (): Metric =>
  rowMetric({
    name: 'auc',
    description: 'the area under the ROC curve: how often a positive row ranks above a negative one',
    paper: 'Hanley & McNeil 1982',
    direction: 'higher',
    range: [0, 1],
    task: 'binary',
    rules: { label: 'binary', prediction: 'score' },
    compute: (rows) => rankedAuc(rows, argsort(rows.predictions), 0, rows.count),
  });

/**
 * The exact area under the ROC curve: the chance that a random positive row has a higher score than a random negative row. A
 * tie counts half. The chance of drawing a row is proportional to its weight. O(rows).
 *
 * Paper: Hanley & McNeil 1982, "The meaning and use of the area under a ROC curve" (AUC = Mann–Whitney U / (P N)).
 *
 * @param labels [rows] of 0 or 1
 * @param scores [rows] finite. Logits and probabilities have the same AUC
 * @param weights [rows], or `{ weights, mask }`
 * @returns in [0, 1], .5 for a random order. NaN if only one class has weight
 * @throws MetricError on different lengths, labels other than 0 and 1, scores that aren't finite
 * @example
 * auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.75
 * auc([1, 1], [0.2, 0.9]); // NaN
 */
export const auc = (labels: NumericArray, scores: NumericArray, weights?: WeightsOr<RowOptions>): number =>
  measure('auc', aucMetric, labels, scores, weights);
