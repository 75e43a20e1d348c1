import type { NumericArray } from '../metric.ts';
import { differencesOf } from './paired-difference.ts';
import { incompleteBeta } from './special-functions.ts';

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
