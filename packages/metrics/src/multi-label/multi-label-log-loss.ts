import { DEFAULT_EPSILON, surprise } from '../binary/log-loss.ts';
import type { Rows } from '../input/rows.ts';
import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { meanMetric } from '../state/sum-metric.ts';

/** Whether a row has a label: bit `label` of its mask. */
export const hasLabel = (mask: number, label: number): boolean => ((mask >> label) & 1) === 1;

/** The mean over labels of the log loss of a row. */
export function rowLogLoss({ labels, predictions, width }: Rows, row: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) {
    const p = predictions[row * width + i]!;
    sum += surprise(hasLabel(labels[row]!, i) ? p : 1 - p, DEFAULT_EPSILON);
  }
  return sum / width;
}

/**
 * The streaming form of {@link multiLabelLogLoss}.
 *
 * @example
 * multiLabelLogLossMetric().create().update([0b01], [0.5, 0.5]).compute(); // 0.693147
 */
export const multiLabelLogLossMetric = (): Metric =>
  meanMetric({
    name: 'multiLabelLogLoss',
    description: 'the mean over labels of the log loss',
    direction: 'lower',
    range: [0, Infinity],
    task: 'multi-label',
    rules: { label: 'mask', prediction: 'probability' },
    valueOf: rowLogLoss,
  });

/**
 * The mean over rows and labels of the log loss −(y log p + (1 − y) log(1 − p)), in nats.
 *
 * @param labels [rows] bit masks: the sum of 2ⁱ over the labels i of the row
 * @param probabilities [rows × labels] row-major, clipped to [1e-7, 1 − 1e-7]
 * @param weights [rows], or `{ weights, mask }`
 * @returns >= 0. NaN without rows (or weight)
 * @throws MetricError on wrong lengths, labels that aren't bit masks, probabilities outside [0, 1]
 * @example
 * multiLabelLogLoss([0b01, 0b11], [0.9, 0.2, 0.6, 0.5]); // 0.383119
 */
export const multiLabelLogLoss = (
  labels: NumericArray,
  probabilities: NumericArray,
  weights?: WeightsOr<RowOptions>,
): number => measure('multiLabelLogLoss', multiLabelLogLossMetric, labels, probabilities, weights);
