import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { argsort } from '../order.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { rowMetric, type StoredRows } from '../state/row-metric.ts';

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
 * The streaming form of {@link prAuc}. It keeps all rows, 24 bytes each.
 *
 * @example
 * prAucMetric().create().update([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).compute(); // 0.8333
 */
export const prAucMetric = (): Metric =>
  rowMetric({
    name: 'prAuc',
    description: 'the area under the precision-recall curve: average precision',
    direction: 'higher',
    range: [0, 1],
    task: 'binary',
    rules: { label: 'binary', prediction: 'score' },
    compute: averagePrecision,
  });

/**
 * The area under the precision–recall curve as average precision: Σ_k (R_k − R_{k−1}) P_k over the distinct scores, from the
 * highest to the lowest. R_k and P_k are recall and precision of the rows with at least that score. The trapezoidal rule would
 * be too optimistic (Davis & Goadrich 2006, "The relationship between precision–recall and ROC curves").
 *
 * @param labels [rows] of 0 or 1
 * @param scores [rows] any finite numbers
 * @param weights [rows], or `{ weights, mask }`
 * @returns in (0, 1], about the share of positives for a random order. NaN without positives, 1 without negatives
 * @throws MetricError on different lengths, labels other than 0 and 1, scores that aren't finite
 * @example
 * prAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.8333
 */
export const prAuc = (labels: NumericArray, scores: NumericArray, weights?: WeightsOr<RowOptions>): number =>
  measure('prAuc', prAucMetric, labels, scores, weights);
