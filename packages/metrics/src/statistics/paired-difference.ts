import type { NumericArray } from '../metric.ts';
import { intervalOf, type IntervalConfig, type MeanInterval } from './mean-interval.ts';
import { differencesOf } from './pairs.ts';
import { studentTTail } from './student-t.ts';

export interface PairedDifference extends MeanInterval {
  /** mean / (deviation / √n); ±Infinity if all differences are the same, NaN if they are all 0 or there is one pair. */
  readonly t: number;
  /**
   * Two-sided p value of the paired t test: how often a difference this large comes up if there is none. 1 if all
   * differences are 0; NaN for a single pair.
   */
  readonly pValue: number;
}

/**
 * The mean of a − b over pairs (the same seed, the same data) with its confidence interval and the paired t test.
 * Pairing removes what both have in common, so that small differences show.
 *
 * @param a [n] finite; a NaN, an undefined metric, makes all results NaN
 * @param b [n] in the same order
 * @param config `{ confidence }`, between 0 and 1, default .95
 * @throws MetricError on lengths that differ, no values, infinite values
 * @example
 * pairedDifference([3, 5, 8], [1, 4, 5]); // { mean: 2, low: -0.484138, high: 4.484138, deviation: 1, n: 3, t: 3.464102, pValue: 0.074180 }
 */
export const pairedDifference = (a: NumericArray, b: NumericArray, config: IntervalConfig = {}): PairedDifference => {
  const where = 'pairedDifference';
  const interval = intervalOf(where, differencesOf(where, a, b), config);
  const { mean, deviation, n } = interval;
  const t = (mean * Math.sqrt(n)) / deviation;
  const pValue = deviation === 0 && mean === 0 ? 1 : Number.isNaN(t) ? NaN : studentTTail(t, n - 1);
  return { ...interval, t, pValue };
};
