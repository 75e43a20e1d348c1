import { MetricError } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import { studentTTail } from './distributions.ts';
import { intervalOf, requireMeasurements, type IntervalConfig, type MeanInterval } from './mean-interval.ts';

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

/** a − b, checked: as many values on both sides, none infinite. */
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
