import { sum } from '@polytask/components';
import { requireCount } from '../metric-error.ts';
import { measuring } from '../state/measure.ts';
import { labelOf } from './losses.ts';
import { meanMetric, sumMetric } from '../state/sum-metric.ts';

/**
 * Expected / observed positives, Σ p / Σ y. Above 1, the predicted probabilities are too high on average. A ratio of 1 doesn't
 * mean that each probability is right: see {@link expectedCalibrationError}.
 *
 * Paper: He et al. 2014, "Practical lessons from predicting clicks on ads at Facebook", section 2.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @returns >= 0. NaN without positives
 * @example
 * calibrationRatio([1, 0, 0, 1], [0.9, 0.3, 0.2, 0.8]); // 1.1
 */
export const calibrationRatio = /* @__PURE__ */ measuring('calibrationRatio', () =>
  meanMetric({
    name: 'calibration',
    label: 'calibration',
    measured: 'named',
    description: 'predicted over observed positives: 1 is calibrated',
    paper: 'He et al. 2014',
    direction: 'one',
    task: 'binary',
    valueOf: ({ predictions }, i) => predictions[i]!,
    per: labelOf,
  }),
);

export interface CalibrationErrorOptions {
  /** The number of bins of equal width over [0, 1]. Default 15, as in Guo et al. */
  readonly bins?: number | undefined;
}

/**
 * The expected calibration error: Σ_bins (share of the rows) × |mean probability − share of positives|. Bin k holds the
 * probabilities in [k / bins, (k + 1) / bins). The last bin includes 1.
 *
 * Papers: Naeini et al. 2015, "Obtaining well calibrated probabilities using Bayesian binning"; Guo et al. 2017, "On
 * calibration of modern neural networks", eq. (3). Guo et al. use the confidence in the predicted class.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @returns in [0, 1]. Defined for one class. NaN without rows (or weight)
 * @throws MetricError on bins that aren't a whole number >= 1
 * @example
 * expectedCalibrationError([1, 1, 0, 0], [0.9, 0.6, 0.6, 0.1], { bins: 2 }); // 0.05
 */
export const expectedCalibrationError = /* @__PURE__ */ measuring(
  'expectedCalibrationError',
  ({ bins = 15 }: CalibrationErrorOptions) => {
    requireCount('expectedCalibrationError', 'bins', bins);
    return sumMetric({
      name: 'ece',
      label: 'ECE',
      also: ['expectedCalibrationError'],
      measured: 'named',
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
        const gaps = sum(sums.subarray(0, bins), (predicted, bin) => Math.abs(predicted - sums[bins + bin]!));
        return gaps / sums[2 * bins]!;
      },
    });
  },
);
