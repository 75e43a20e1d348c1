import { requireCount } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import { counterRandom, type RandomSource } from './counter-random.ts';
import { differencesOf } from './paired-difference.ts';

export interface PermutationConfig {
  /** The test counts all 2ⁿ choices of signs if there are at most `resamples`. Otherwise it draws so many. Default 10 000. */
  readonly resamples?: number | undefined;
  /** Default `counterRandom(0)`. */
  readonly random?: RandomSource | undefined;
}

export interface PairedPermutationTest {
  /** The mean of a − b. */
  readonly mean: number;
  /** Two-sided. */
  readonly pValue: number;
  /** Whether the test counted all choices of signs. */
  readonly exact: boolean;
}

/** The relative rounding error of a sum that equals the observed sum. */
const ROUNDING = 1e-12;

/** How many of all 2ⁿ choices of signs reach the limit. In Gray's code, a choice differs from the last one in one sign. */
const countAll = (differences: Float64Array, limit: number): number => {
  const signs = Float64Array.from(differences);
  let sum = signs.reduce((a, b) => a + b, 0);
  let count = Number(Math.abs(sum) >= limit);
  for (let step = 1; step < 2 ** signs.length; step++) {
    const index = 31 - Math.clz32(step & -step);
    sum -= 2 * signs[index]!;
    signs[index] = -signs[index]!;
    count += Number(Math.abs(sum) >= limit);
  }
  return count;
};

const countDrawn = (differences: Float64Array, limit: number, resamples: number, random: RandomSource): number => {
  let count = 0;
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (const difference of differences) sum += random() < 0.5 ? -difference : difference;
    count += Number(Math.abs(sum) >= limit);
  }
  return count;
};

/**
 * The permutation test of pairs. If neither side is better, each difference a − b could have the other sign. P is the share of
 * all choices of signs whose mean is at least as far from 0 as the observed mean. P is exact for small n. For drawn signs P is
 * (count + 1) / (resamples + 1), which is never 0 (Phipson & Smyth 2010).
 *
 * Paper: Fisher 1935, "The design of experiments", section 21.
 *
 * @param a [n] finite. A NaN makes all results NaN
 * @param b [n] in the same order
 * @param config `{ resamples, random }`
 * @throws MetricError on lengths that differ, no values, infinite values, resamples < 1
 * @example
 * pairedPermutationTest([3, 5, 8, 9, 7], [1, 4, 5, 5, 8]); // { mean: 1.8, pValue: 0.1875, exact: true }
 */
export const pairedPermutationTest = (
  a: NumericArray,
  b: NumericArray,
  config: PermutationConfig = {},
): PairedPermutationTest => {
  const where = 'pairedPermutationTest';
  const { resamples = 10_000, random = counterRandom(0) } = config;
  requireCount(where, 'resamples', resamples);
  const differences = differencesOf(where, a, b);
  const n = differences.length;
  const exact = n <= 30 && 2 ** n <= resamples;
  const sum = differences.reduce((total, difference) => total + difference, 0);
  if (Number.isNaN(sum)) return { mean: NaN, pValue: NaN, exact };
  const limit = Math.abs(sum) - ROUNDING * differences.reduce((total, difference) => total + Math.abs(difference), 0);
  const pValue = exact
    ? countAll(differences, limit) / 2 ** n
    : (countDrawn(differences, limit, resamples, random) + 1) / (resamples + 1);
  return { mean: sum / n, pValue, exact };
};
