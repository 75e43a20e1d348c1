import { MetricError } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import { studentTTail } from './distributions.ts';
import { independentOf, intervalOf, requireMeasurements, type MeanConfig, type MeanInterval } from './mean-interval.ts';

export interface PairedDifference extends MeanInterval {
  /** mean / (deviation / √n), or mean / (deviation · √(1 / n + testToTrain)) over folds. ±Infinity if all differences are equal, NaN if all are 0 or there is one pair. */
  readonly t: number;
  /**
   * The two-sided p value of the paired t test: the chance of a mean at least this far from 0 if the true mean is 0. 1 if all
   * differences are 0, NaN for a single pair.
   */
  readonly pValue: number;
}

/**
 * The mean of a − b over pairs of the same seed or data, with its confidence interval and the paired t test. Pairing removes
 * the variance that both sides share, so the test detects smaller differences. With `testToTrain`, it is the corrected resampled t test
 * of Nadeau & Bengio 2003 for pairs of folds, whose training rows overlap.
 *
 * @param a [n] finite. A NaN, an undefined metric, makes all results NaN
 * @param b [n] in the same order
 * @param config `{ confidence }`, between 0 and 1, default .95; `{ testToTrain }`, 1 / (k − 1) for k folds, default 0
 * @throws MetricError on lengths that differ, no values, infinite values, a negative `testToTrain`
 * @example
 * pairedDifference([3, 5, 8], [1, 4, 5]); // { mean: 2, low: -0.484138, high: 4.484138, deviation: 1, n: 3, t: 3.464102, pValue: 0.074180 }
 */
export const pairedDifference = (a: NumericArray, b: NumericArray, config: MeanConfig = {}): PairedDifference => {
  const where = 'pairedDifference';
  const interval = intervalOf(where, differencesOf(where, a, b), config);
  const { mean, deviation, n } = interval;
  const t = (mean * Math.sqrt(independentOf(where, n, config.testToTrain))) / deviation;
  const pValue = deviation === 0 && mean === 0 ? 1 : Number.isNaN(t) ? NaN : studentTTail(t, n - 1);
  return { ...interval, t, pValue };
};

/** a − b of checked pairs. */
export const differencesOf = (where: string, a: NumericArray, b: NumericArray): Float64Array => {
  requireMeasurements(where, 'a', a);
  requireMeasurements(where, 'b', b);
  if (a.length !== b.length) {
    throw new MetricError(
      where,
      `${a.length} and ${b.length} values`,
      'pairs',
      'Compare the same seeds in the same order.',
    );
  }
  return Float64Array.from(a, (value, i) => value - b[i]!);
};
