import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { sumMetric } from '../state/sum-metric.ts';

/**
 * The streaming form of {@link calibrationRatio}. Its name in scores is `calibration`, and its direction `one`.
 *
 * @example
 * calibrationRatioMetric().create().update([1, 0], [0.6, 0.2]).compute(); // 0.8
 */
export const calibrationRatioMetric = (): Metric =>
  sumMetric({
    name: 'calibration',
    description: 'predicted over observed positives: 1 is calibrated',
    paper: 'He et al. 2014',
    direction: 'one',
    range: [0, Infinity],
    task: 'binary',
    rules: { label: 'binary', prediction: 'probability' },
    size: 2, // Σ w p, Σ w y
    add: (sums, { count, labels, predictions, weights }) => {
      for (let i = 0; i < count; i++) {
        sums[0]! += weights[i]! * predictions[i]!;
        sums[1]! += weights[i]! * labels[i]!;
      }
    },
    compute: ([predicted, positives]) => (positives! > 0 ? predicted! / positives! : NaN),
  });

/**
 * Expected / observed positives, Σ p / Σ y. Above 1, the predicted probabilities are too high on average. A ratio of 1 doesn't
 * mean that each probability is right: see {@link expectedCalibrationError}.
 *
 * Paper: He et al. 2014, "Practical lessons from predicting clicks on ads at Facebook", section 2.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @param weights [rows], or `{ weights, mask }`
 * @returns >= 0. NaN without positives
 * @throws MetricError on different lengths, labels other than 0 and 1, probabilities outside [0, 1]
 * @example
 * calibrationRatio([1, 0, 0, 1], [0.9, 0.3, 0.2, 0.8]); // 1.1
 */
export const calibrationRatio = (
  labels: NumericArray,
  probabilities: NumericArray,
  weights?: WeightsOr<RowOptions>,
): number => measure('calibrationRatio', calibrationRatioMetric, labels, probabilities, weights);
