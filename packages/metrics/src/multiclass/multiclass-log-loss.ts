import { DEFAULT_EPSILON, surprise, type LogLossConfig } from '../binary/log-loss.ts';
import type { Rows } from '../input/rows.ts';
import { MetricError, requireBetween } from '../metric-error.ts';
import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { sumMetric } from '../state/sum-metric.ts';

/** The allowed difference between 1 and the sum of a row of float32 or rounded probabilities. */
const SUM_SLACK = 1e-3;

const requireDistributions = (where: string, { count, width, predictions, kept }: Rows): void => {
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += predictions[i * width + c]!;
    if (Math.abs(sum - 1) <= SUM_SLACK) continue;
    const start = (kept?.[i] ?? i) * width;
    throw new MetricError(
      where,
      `probabilities[${start}] to [${start + width - 1}] that sum to ${sum}`,
      `${width} probabilities that sum to 1 in each row`,
      'Apply a softmax over the classes, and pass the [rows, classes] matrix row by row.',
    );
  }
};

/** Adds Σ w loss and Σ w to the first two sums. @param where the metric's name in error messages */
export function addLogLoss(where: string, sums: Float64Array, rows: Rows, epsilon: number): void {
  requireDistributions(where, rows);
  const { count, width, labels, predictions, weights } = rows;
  for (let i = 0; i < count; i++) {
    sums[0]! += weights[i]! * surprise(predictions[i * width + labels[i]!]!, epsilon);
    sums[1]! += weights[i]!;
  }
}

/**
 * The streaming form of {@link multiclassLogLoss}.
 *
 * @example
 * multiclassLogLossMetric().create().update([2, 0], [0.25, 0.25, 0.5, 0.25, 0.5, 0.25]).compute(); // 1.039721
 */
export const multiclassLogLossMetric = ({ epsilon = DEFAULT_EPSILON }: LogLossConfig = {}): Metric => {
  requireBetween('multiclassLogLoss', 'epsilon', epsilon, 0, 0.5);
  return sumMetric({
    name: 'multiclassLogLoss',
    description: 'the mean negative log-likelihood of the class',
    direction: 'lower',
    range: [0, Infinity],
    task: 'multiclass',
    config: { epsilon },
    rules: { label: 'class', prediction: 'probability' },
    size: 2, // Σ w loss, Σ w
    add: (sums, rows) => addLogLoss('multiclassLogLoss', sums, rows, epsilon),
    compute: ([loss, weight]) => loss! / weight!,
  });
};

/**
 * Mean cross-entropy −log p[label], in nats.
 *
 * @param labels [rows] class indices 0 … classes − 1
 * @param probabilities [rows × classes] row-major, each row summing to 1 (± .001), clipped to [epsilon, 1 − epsilon]
 * @param weights [rows], or `{ weights, mask, epsilon }`
 * @returns >= 0. Log(classes) for equal probabilities. NaN without rows (or weight)
 * @throws MetricError on wrong lengths, labels that aren't class indices, rows that don't sum to 1
 * @example
 * multiclassLogLoss([2, 0], [0.1, 0.2, 0.7, 0.6, 0.3, 0.1]); // 0.433750
 */
export const multiclassLogLoss = (
  labels: NumericArray,
  probabilities: NumericArray,
  weights?: WeightsOr<RowOptions & LogLossConfig>,
): number => measure('multiclassLogLoss', multiclassLogLossMetric, labels, probabilities, weights);
