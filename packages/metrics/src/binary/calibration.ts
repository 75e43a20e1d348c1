import { requireCount } from '../metric-error.ts';
import type { Metric } from '../metric.ts';
import { measure, type OfProbabilities } from '../state/measure.ts';
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
    task: 'binary',
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
export const calibrationRatio: OfProbabilities = (...rows) =>
  measure('calibrationRatio', calibrationRatioMetric, ...rows);

export interface CalibrationErrorOptions {
  /** The number of bins of equal width over [0, 1]. Default 15, as in Guo et al. */
  readonly bins?: number | undefined;
}

/**
 * The streaming form of {@link expectedCalibrationError}. Its name in scores is `ece`.
 *
 * @example
 * expectedCalibrationErrorMetric({ bins: 10 }).create().update([1, 0], [0.92, 0.38]).compute(); // 0.23
 */
export const expectedCalibrationErrorMetric = ({ bins = 15 }: CalibrationErrorOptions = {}): Metric => {
  requireCount('expectedCalibrationError', 'bins', bins);
  return sumMetric({
    name: 'ece',
    description: 'the mean gap between predicted and observed rates of bins',
    paper: 'Naeini et al. 2015',
    direction: 'lower',
    range: [0, 1],
    task: 'binary',
    config: { bins },
    size: 2 * bins + 1, // Σ w p of each bin, Σ w y of each bin, Σ w
    add: (sums, { count, labels, predictions, weights }) => {
      for (let i = 0; i < count; i++) {
        const p = predictions[i]!;
        const w = weights[i]!;
        const bin = Math.min(Math.floor(p * bins), bins - 1);
        sums[bin]! += w * p;
        sums[bins + bin]! += w * labels[i]!;
        sums[2 * bins]! += w;
      }
    },
    compute: (sums) => {
      let gap = 0;
      for (let bin = 0; bin < bins; bin++) gap += Math.abs(sums[bin]! - sums[bins + bin]!);
      return gap / sums[2 * bins]!;
    },
  });
};

/**
 * The expected calibration error: Σ_bins (share of the rows) × |mean probability − share of positives|. Bin k holds the
 * probabilities in [k / bins, (k + 1) / bins). The last bin includes 1.
 *
 * Papers: Naeini et al. 2015, "Obtaining well calibrated probabilities using Bayesian binning"; Guo et al. 2017, "On
 * calibration of modern neural networks", eq. (3). Guo et al. use the confidence in the predicted class.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @param weights [rows], or `{ weights, mask, bins }`
 * @returns in [0, 1]. Defined for one class. NaN without rows (or weight)
 * @throws MetricError on different lengths, labels other than 0 and 1, probabilities outside [0, 1], bins < 1
 * @example
 * expectedCalibrationError([1, 1, 0, 0], [0.9, 0.6, 0.6, 0.1], { bins: 2 }); // 0.05
 */
export const expectedCalibrationError: OfProbabilities<CalibrationErrorOptions> = (...rows) =>
  measure('expectedCalibrationError', expectedCalibrationErrorMetric, ...rows);
