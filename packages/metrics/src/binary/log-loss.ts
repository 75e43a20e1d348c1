import { requireBetween } from '../metric-error.ts';
import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { meanMetric } from '../state/sum-metric.ts';

export interface LogLossConfig {
  /** Probabilities are clipped to [epsilon, 1 − epsilon]. Default 1e-7, so a row costs at most 16.2 nats. */
  readonly epsilon?: number | undefined;
}

export const DEFAULT_EPSILON = 1e-7;

/** −log of the clipped probability of the label, in nats. */
export const surprise = (probability: number, epsilon: number): number =>
  -Math.log(Math.min(1 - epsilon, Math.max(epsilon, probability)));

/**
 * The streaming form of {@link logLoss}.
 *
 * @example
 * logLossMetric().create().update([1], [0.5]).update([0], [0.5]).compute(); // 0.693147
 */
export const logLossMetric = ({ epsilon = DEFAULT_EPSILON }: LogLossConfig = {}): Metric => {
  requireBetween('logLoss', 'epsilon', epsilon, 0, 0.5);
  return meanMetric({
    name: 'logLoss',
    description: 'the mean negative log-likelihood',
    direction: 'lower',
    range: [0, Infinity],
    task: 'binary',
    config: { epsilon },
    rules: { label: 'binary', prediction: 'probability' },
    valueOf: ({ labels, predictions }, i) => surprise(labels[i] === 1 ? predictions[i]! : 1 - predictions[i]!, epsilon),
  });
};

/**
 * Mean binary cross-entropy −(y log p + (1 − y) log(1 − p)), in nats.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1], clipped to [epsilon, 1 − epsilon]
 * @param weights [rows], or `{ weights, mask, epsilon }`
 * @returns >= 0. Log 2 = .693 for p = ½ everywhere. Defined for one class. NaN without rows (or weight)
 * @throws MetricError on different lengths, labels other than 0 and 1, probabilities outside [0, 1]
 * @example
 * logLoss([1, 0, 1], [0.9, 0.2, 0.6]); // 0.279777
 */
export const logLoss = (
  labels: NumericArray,
  probabilities: NumericArray,
  weights?: WeightsOr<RowOptions & LogLossConfig>,
): number => measure('logLoss', logLossMetric, labels, probabilities, weights);
