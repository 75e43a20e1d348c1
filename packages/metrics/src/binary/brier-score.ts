import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { meanMetric } from '../state/sum-metric.ts';

/**
 * The streaming form of {@link brierScore}. Its name in scores is `brier`.
 *
 * @example
 * brierScoreMetric().create().update([1], [0.5]).update([0], [0.25]).compute(); // 0.15625
 */
export const brierScoreMetric = (): Metric =>
  meanMetric({
    name: 'brier',
    description: 'the mean of (p − y)²',
    paper: 'Brier 1950',
    direction: 'lower',
    range: [0, 1],
    task: 'binary',
    rules: { label: 'binary', prediction: 'probability' },
    valueOf: ({ labels, predictions }, i) => (predictions[i]! - labels[i]!) ** 2,
  });

/**
 * The Brier score: the mean of (p − y)². Like the log loss, its expectation is smallest for the true probabilities. A row costs
 * at most 1.
 *
 * Paper: Brier 1950, "Verification of forecasts expressed in terms of probability". Brier sums over both classes, which gives
 * twice this value.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @param weights [rows], or `{ weights, mask }`
 * @returns in [0, 1]. .25 for p = ½ everywhere. Defined for one class. NaN without rows (or weight)
 * @throws MetricError on different lengths, labels other than 0 and 1, probabilities outside [0, 1]
 * @example
 * brierScore([1, 0, 1], [0.9, 0.2, 0.6]); // 0.07
 */
export const brierScore = (
  labels: NumericArray,
  probabilities: NumericArray,
  weights?: WeightsOr<RowOptions>,
): number => measure('brier', brierScoreMetric, labels, probabilities, weights);
