import {
  oneOf,
  optional,
  readOptions,
  sum,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import { requireChoice } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import { midRanks, tieCorrection } from '../order.ts';
import { randomSource, type RandomSource } from './counter-random.ts';
import { normalCdf, studentTTail, incompleteBeta } from './distributions.ts';
import {
  differencesOf,
  independentOf,
  intervalOf,
  overFolds,
  type MeanOptions,
  type MeanInterval,
} from './mean-interval.ts';

export interface PairedDifference extends MeanInterval {
  /**
   * mean / (deviation / √n), or mean / (deviation · √(1 / n + testToTrain)) over folds. ±Infinity if all differences are
   * equal, NaN if all are 0 or there is one pair.
   */
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
 * @throws PolytaskError on lengths that differ, no values, infinite values, a negative `testToTrain`
 * @example
 * pairedDifference([3, 5, 8], [1, 4, 5]); // { mean: 2, low: -0.484138, high: 4.484138, deviation: 1, n: 3, t: 3.464102, pValue: 0.074180 }
 */
export const pairedDifference = (a: NumericArray, b: NumericArray, config: MeanOptions = {}): PairedDifference => {
  const where = 'pairedDifference';
  const options = readOptions(config, overFolds, where);
  const interval = intervalOf(differencesOf(where, a, b), options);
  const { mean, deviation, n } = interval;
  const t = (mean * Math.sqrt(independentOf(n, options.testToTrain))) / deviation;
  const pValue = deviation === 0 && mean === 0 ? 1 : Number.isNaN(t) ? NaN : studentTTail(t, n - 1);
  return { ...interval, t, pValue };
};

export interface SignTest {
  /** The number of pairs with a > b. */
  readonly positive: number;
  /** The number of pairs with a < b. */
  readonly negative: number;
  /** The number of pairs with a = b, which the test ignores. */
  readonly ties: number;
  /** Two-sided and exact. 1 if all pairs are ties, NaN if a value is NaN. */
  readonly pValue: number;
}

/**
 * The exact sign test of pairs: P = 2 · P(X <= smaller count), X binomial over the untied pairs with chance ½. The size of a
 * difference doesn't count, only its sign.
 *
 * For rows with right (1) and wrong (0) answers of two classifiers, it is the exact McNemar test.
 *
 * Papers: Arbuthnott 1710; McNemar 1947, "Note on the sampling error of the difference between correlated proportions".
 *
 * @param a [n] finite. A NaN makes the p value NaN
 * @param b [n] in the same order
 * @throws MetricError on lengths that differ, no values, infinite values
 * @example
 * signTest([3, 5, 8, 9, 7], [1, 4, 5, 5, 8]); // { positive: 4, negative: 1, ties: 0, pValue: 0.375 }
 */
export const signTest = (a: NumericArray, b: NumericArray): SignTest => {
  let [positive, negative, ties, undefinedPairs] = [0, 0, 0, 0];
  for (const difference of differencesOf('signTest', a, b)) {
    if (difference > 0) positive++;
    else if (difference < 0) negative++;
    else if (difference === 0) ties++;
    else undefinedPairs++;
  }
  const fewer = Math.min(positive, negative);
  // P(X <= k) of n fair coins is I_½(n − k, k + 1)
  const pValue =
    positive === negative ? 1 : Math.min(1, 2 * incompleteBeta(0.5, positive + negative - fewer, fewer + 1));
  return { positive, negative, ties, pValue: undefinedPairs > 0 ? NaN : pValue };
};

const signedRank = {
  /** `exact` counts all 2ⁿ choices of signs, `normal` approximates. Without it, `exact` up to 50 differences. */
  method: optional(oneOf('exact', 'normal')),
};

export interface WilcoxonOptions extends Written<typeof signedRank>, FromDescription {}

export interface WilcoxonSignedRank {
  /** W⁺: the sum of the ranks of the positive differences. */
  readonly positive: number;
  /** W⁻: the sum of the ranks of the negative differences. */
  readonly negative: number;
  /** Two-sided. 1 if all differences are 0, NaN if one is NaN. */
  readonly pValue: number;
  /** The number of differences other than 0. */
  readonly n: number;
  readonly method: 'exact' | 'normal';
}

const MOST_EXACT = 50; // doubles hold counts up to 2⁵⁰ exactly

/** The exact two-sided p value. It counts the choices of signs for each sum of doubled ranks, which are integers. */
const exactPValue = (ranks: Float64Array, positive: number): number => {
  const doubled = Array.from(ranks, (rank) => 2 * rank);
  const total = sum(doubled);
  const ways = new Float64Array(total + 1);
  ways[0] = 1;
  for (const rank of doubled) for (let k = total; k >= rank; k--) ways[k]! += ways[k - rank]!;
  const edge = Math.min(2 * positive, total - 2 * positive); // the distribution is symmetric
  return Math.min(1, 2 * (sum(ways.subarray(0, edge + 1)) / 2 ** ranks.length));
};

const normalPValue = (sizes: Float64Array, positive: number): number => {
  const n = sizes.length;
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieCorrection(sizes) / 48;
  const distance = Math.max(0, Math.abs(positive - (n * (n + 1)) / 4) - 0.5);
  return 2 * normalCdf(-distance / Math.sqrt(variance));
};

/**
 * Wilcoxon's signed-rank test of whether the differences a − b are symmetric about 0. Unlike the t test, it doesn't assume a
 * normal distribution, and an outlier counts only by its rank. With n pairs no p value is below 2 / 2ⁿ. Five seeds can't reach
 * a p value below .0625.
 *
 * Differences of 0 are left out, and equal differences share their ranks. The exact distribution is that of the ranks with
 * ties. The normal approximation corrects the variance for ties, and has a continuity correction of ½.
 *
 * Paper: Wilcoxon 1945, "Individual comparisons by ranking methods".
 *
 * @param a [n] finite. A NaN makes the p value NaN
 * @param b [n] in the same order
 * @param config `{ method }`
 * @throws PolytaskError on lengths that differ, no values, infinite values, an unknown method
 * @example
 * wilcoxonSignedRank([3, 5, 8, 9, 7], [1, 4, 5, 5, 8]); // { positive: 13.5, negative: 1.5, pValue: 0.1875, n: 5, method: 'exact' }
 */
export const wilcoxonSignedRank = (
  a: NumericArray,
  b: NumericArray,
  config: WilcoxonOptions = {},
): WilcoxonSignedRank => {
  const where = 'wilcoxonSignedRank';
  const { method: given } = readOptions(config, signedRank, where);
  const differences = differencesOf(where, a, b).filter((difference) => difference !== 0);
  const n = differences.length;
  const method = given ?? (n <= MOST_EXACT ? 'exact' : 'normal');
  if (n > MOST_EXACT) requireChoice(where, 'method', method, ['normal']);
  if (differences.some(Number.isNaN)) return { positive: NaN, negative: NaN, pValue: NaN, n, method };
  if (n === 0) return { positive: 0, negative: 0, pValue: 1, n, method };
  const sizes = differences.map(Math.abs);
  const ranks = midRanks(sizes);
  const positive = sum(ranks, (rank, i) => (differences[i]! > 0 ? rank : 0));
  const pValue = method === 'exact' ? exactPValue(ranks, positive) : normalPValue(sizes, positive);
  return { positive, negative: (n * (n + 1)) / 2 - positive, pValue, n, method };
};

const permutations = {
  /** The test counts all 2ⁿ choices of signs if there are at most `resamples`. Otherwise it draws so many. */
  resamples: optional(wholeNumber(1), 10_000),
  /** By default `counterRandom(0)`. */
  random: randomSource,
};

export interface PermutationOptions extends Written<typeof permutations>, FromDescription {}

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
  let total = sum(signs);
  let count = Number(Math.abs(total) >= limit);
  for (let step = 1; step < 2 ** signs.length; step++) {
    const index = 31 - Math.clz32(step & -step);
    total -= 2 * signs[index]!;
    signs[index] = -signs[index]!;
    count += Number(Math.abs(total) >= limit);
  }
  return count;
};

const countDrawn = (differences: Float64Array, limit: number, resamples: number, random: RandomSource): number => {
  let count = 0;
  for (let r = 0; r < resamples; r++) {
    let total = 0;
    for (const difference of differences) total += random() < 0.5 ? -difference : difference;
    count += Number(Math.abs(total) >= limit);
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
 * @throws PolytaskError on lengths that differ, no values, infinite values, resamples < 1
 * @example
 * pairedPermutationTest([3, 5, 8, 9, 7], [1, 4, 5, 5, 8]); // { mean: 1.8, pValue: 0.1875, exact: true }
 */
export const pairedPermutationTest = (
  a: NumericArray,
  b: NumericArray,
  config: PermutationOptions = {},
): PairedPermutationTest => {
  const where = 'pairedPermutationTest';
  const { resamples, random } = readOptions(config, permutations, where);
  const differences = differencesOf(where, a, b);
  const n = differences.length;
  const exact = n <= 30 && 2 ** n <= resamples;
  const total = sum(differences);
  if (Number.isNaN(total)) return { mean: NaN, pValue: NaN, exact };
  const limit = Math.abs(total) - ROUNDING * sum(differences, Math.abs);
  const pValue = exact
    ? countAll(differences, limit) / 2 ** n
    : (countDrawn(differences, limit, resamples, random) + 1) / (resamples + 1);
  return { mean: total / n, pValue, exact };
};
