import { DEFAULT_EPSILON, type LogLossConfig } from '../binary/log-loss.ts';
import { requireBetween } from '../metric-error.ts';
import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { sumMetric } from '../state/sum-metric.ts';
import { addLogLoss } from './multiclass-log-loss.ts';

/**
 * The streaming form of {@link multiclassNormalizedEntropy}. Its name in scores is `multiclassNe`.
 *
 * @example
 * multiclassNormalizedEntropyMetric().create().update([0, 1], [0.5, 0.5, 0.5, 0.5]).compute(); // 1
 */
export const multiclassNormalizedEntropyMetric = ({ epsilon = DEFAULT_EPSILON }: LogLossConfig = {}): Metric => {
  requireBetween('multiclassNormalizedEntropy', 'epsilon', epsilon, 0, 0.5);
  return sumMetric({
    name: 'multiclassNe',
    description: 'log loss over the entropy of the classes: below 1 is better than a constant',
    direction: 'lower',
    range: [0, Infinity],
    task: 'multiclass',
    config: { epsilon },
    rules: { label: 'class', prediction: 'probability' },
    size: 2, // Σ w loss, Σ w
    perClass: true, // Σ w of the rows of each class
    add: (sums, rows) => {
      addLogLoss('multiclassNormalizedEntropy', sums, rows, epsilon);
      for (let i = 0; i < rows.count; i++) sums[2 + rows.labels[i]!]! += rows.weights[i]!;
    },
    compute: ([loss, weight, ...classes]) => {
      const entropy = classes.reduce(
        (sum, each) => sum - (each > 0 ? (each / weight!) * Math.log(each / weight!) : 0),
        0,
      );
      return entropy > 0 ? loss! / weight! / entropy : NaN;
    },
  });
};

/**
 * The normalized entropy of He et al. 2014 for several classes: the mean log loss / the log loss of always predicting the
 * shares of the classes in the evaluated rows. Tasks with different classes become comparable. Below 1, the model is better
 * than the shares.
 *
 * @param labels [rows] class indices 0 … classes − 1
 * @param probabilities [rows × classes] row-major, each row summing to 1 (± .001), clipped to [epsilon, 1 − epsilon]
 * @param weights [rows], or `{ weights, mask, epsilon }`
 * @returns >= 0. NaN if only one class has weight (the shares then have no entropy)
 * @throws MetricError on wrong lengths, labels that aren't class indices, rows that don't sum to 1
 * @example
 * multiclassNormalizedEntropy([0, 1], [0.8, 0.2, 0.2, 0.8]); // 0.321928
 */
export const multiclassNormalizedEntropy = (
  labels: NumericArray,
  probabilities: NumericArray,
  weights?: WeightsOr<RowOptions & LogLossConfig>,
): number => measure('multiclassNormalizedEntropy', multiclassNormalizedEntropyMetric, labels, probabilities, weights);
