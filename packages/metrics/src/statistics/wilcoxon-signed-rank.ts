import { requireChoice } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import { midRanks, tieCorrection } from '../order.ts';
import { normalCdf } from './distributions.ts';
import { differencesOf } from './paired-difference.ts';

export interface WilcoxonConfig {
  /** `exact` counts all 2ⁿ choices of signs, `normal` approximates. Default: `exact` up to 50 differences. */
  readonly method?: 'exact' | 'normal' | undefined;
}

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

/** The exact two-sided p value. It counts the choices of signs for each sum of doubled ranks, which are whole numbers. */
const exactPValue = (ranks: Float64Array, positive: number): number => {
  const doubled = Array.from(ranks, (rank) => 2 * rank);
  const total = doubled.reduce((a, b) => a + b, 0);
  const ways = new Float64Array(total + 1);
  ways[0] = 1;
  for (const rank of doubled) for (let sum = total; sum >= rank; sum--) ways[sum]! += ways[sum - rank]!;
  const edge = Math.min(2 * positive, total - 2 * positive); // the distribution is symmetric
  let below = 0;
  for (let sum = 0; sum <= edge; sum++) below += ways[sum]!;
  return Math.min(1, 2 * (below / 2 ** ranks.length));
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
 * @throws MetricError on lengths that differ, no values, infinite values, an unknown method
 * @example
 * wilcoxonSignedRank([3, 5, 8, 9, 7], [1, 4, 5, 5, 8]); // { positive: 13.5, negative: 1.5, pValue: 0.1875, n: 5, method: 'exact' }
 */
export const wilcoxonSignedRank = (
  a: NumericArray,
  b: NumericArray,
  config: WilcoxonConfig = {},
): WilcoxonSignedRank => {
  const where = 'wilcoxonSignedRank';
  const differences = differencesOf(where, a, b).filter((difference) => difference !== 0);
  const n = differences.length;
  const { method = n <= MOST_EXACT ? 'exact' : 'normal' } = config;
  requireChoice(where, 'method', method, n <= MOST_EXACT ? ['exact', 'normal'] : ['normal']);
  if (differences.some(Number.isNaN)) return { positive: NaN, negative: NaN, pValue: NaN, n, method };
  if (n === 0) return { positive: 0, negative: 0, pValue: 1, n, method };
  const sizes = differences.map(Math.abs);
  const ranks = midRanks(sizes);
  let positive = 0;
  for (let i = 0; i < n; i++) if (differences[i]! > 0) positive += ranks[i]!;
  const pValue = method === 'exact' ? exactPValue(ranks, positive) : normalPValue(sizes, positive);
  return { positive, negative: (n * (n + 1)) / 2 - positive, pValue, n, method };
};
