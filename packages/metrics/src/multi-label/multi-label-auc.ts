import { rankedAuc } from '../binary/auc.ts';
import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { argsort } from '../order.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { rowMetric } from '../state/row-metric.ts';
import { hasLabel } from './multi-label-log-loss.ts';

/**
 * The streaming form of {@link multiLabelAuc}. It keeps all rows.
 *
 * @example
 * multiLabelAucMetric().create().update([0b01, 0b10], [0.7, 0.2, 0.3, 0.1]).compute(); // 0.5
 */
export const multiLabelAucMetric = (): Metric =>
  rowMetric({
    name: 'multiLabelAuc',
    description: 'the mean over labels of the AUC',
    direction: 'higher',
    range: [0, 1],
    task: 'multi-label',
    rules: { label: 'mask', prediction: 'score' },
    compute(rows) {
      const width = rows.predictions.length / Math.max(1, rows.count);
      const areas = Array.from({ length: width }, (_, i) => {
        const labels = rows.labels.map((mask) => Number(hasLabel(mask, i)));
        const predictions = rows.labels.map((_, row) => rows.predictions[row * width + i]!);
        return rankedAuc({ ...rows, labels, predictions }, argsort(predictions), 0, rows.count);
      }).filter((area) => !Number.isNaN(area));
      return areas.length > 0 ? areas.reduce((sum, area) => sum + area, 0) / areas.length : NaN;
    },
  });

/**
 * The macro average of the AUC: each label's area under the ROC curve, and then the mean over labels. A label that all rows have, or none,
 * is left out.
 *
 * @param labels [rows] bit masks: the sum of 2ⁱ over the labels i of the row
 * @param scores [rows × labels] row-major, finite. Logits and probabilities have the same AUC
 * @param weights [rows], or `{ weights, mask }`
 * @returns in [0, 1], .5 for a random order. NaN if no label tells rows apart
 * @throws MetricError on wrong lengths, labels that aren't bit masks, scores that aren't finite
 * @example
 * multiLabelAuc([0b01, 0b10, 0b00], [0.9, 0.2, 0.3, 0.6, 0.4, 0.7]); // 0.75
 */
export const multiLabelAuc = (labels: NumericArray, scores: NumericArray, weights?: WeightsOr<RowOptions>): number =>
  measure('multiLabelAuc', multiLabelAucMetric, labels, scores, weights);
