import { requireBetween } from '../metric-error.ts';
import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { sumMetric } from '../state/sum-metric.ts';
import { DEFAULT_EPSILON, surprise, type LogLossConfig } from './log-loss.ts';

/** The log loss of always predicting the base rate, which is neither 0 nor 1. */
export const entropy = (rate: number): number => -(rate * Math.log(rate) + (1 - rate) * Math.log1p(-rate));

/**
 * The streaming form of {@link normalizedEntropy}. Its name in scores is `ne`.
 *
 * @example
 * normalizedEntropyMetric().create().update([1], [0.5]).update([0], [0.5]).compute(); // 1
 */
export const normalizedEntropyMetric = ({ epsilon = DEFAULT_EPSILON }: LogLossConfig = {}): Metric => {
  requireBetween('normalizedEntropy', 'epsilon', epsilon, 0, 0.5);
  return sumMetric({
    name: 'ne',
    description: 'log loss over that of the base rate: below 1 is better than a constant',
    paper: 'He et al. 2014',
    direction: 'lower',
    range: [0, Infinity],
    task: 'binary',
    config: { epsilon },
    rules: { label: 'binary', prediction: 'probability' },
    size: 3, // Σ w loss, Σ w y, Σ w
    add: (sums, { count, labels, predictions, weights }) => {
      for (let i = 0; i < count; i++) {
        const p = predictions[i]!;
        const w = weights[i]!;
        sums[0]! += w * surprise(labels[i] === 1 ? p : 1 - p, epsilon);
        sums[1]! += w * labels[i]!;
        sums[2]! += w;
      }
    },
    compute: ([loss, positives, weight]) => {
      const rate = positives! / weight!;
      return rate > 0 && rate < 1 ? loss! / weight! / entropy(rate) : NaN;
    },
  });
};

/**
 * The normalized entropy: the mean log loss / the log loss of always predicting the base rate of the evaluated rows. Tasks
 * with different base rates become comparable. Below 1, the model is better than the base rate.
 *
 * Paper: He et al. 2014, "Practical lessons from predicting clicks on ads at Facebook", eq. (1).
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1], clipped to [epsilon, 1 − epsilon]
 * @param weights [rows], or `{ weights, mask, epsilon }`
 * @returns >= 0. NaN if only one class has weight (the base rate then has no entropy)
 * @throws MetricError on different lengths, labels other than 0 and 1, probabilities outside [0, 1]
 * @example
 * normalizedEntropy([1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]); // 1
 * normalizedEntropy([1, 0, 0, 0], [0.7, 0.1, 0.2, 0.1]); // 0.351454
 */
export const normalizedEntropy = (
  labels: NumericArray,
  probabilities: NumericArray,
  weights?: WeightsOr<RowOptions & LogLossConfig>,
): number => measure('normalizedEntropy', normalizedEntropyMetric, labels, probabilities, weights);
