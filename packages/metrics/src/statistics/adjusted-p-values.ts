import { requireArray } from '../input/rows.ts';
import { MetricError, show } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';

/** The indices of the p values that aren't NaN, by ascending p value. */
const ascending = (where: string, pValues: NumericArray): number[] => {
  requireArray(where, 'pValues', pValues);
  for (let i = 0; i < pValues.length; i++) {
    const p: unknown = pValues[i];
    if (typeof p === 'number' && !(p < 0 || p > 1)) continue;
    throw new MetricError(
      where,
      `pValues[${i}] = ${show(p)}`,
      'a number from 0 to 1, or NaN for a test that was not made',
      'Give the p values of one family of tests.',
    );
  }
  return Array.from(pValues, (_, i) => i)
    .filter((i) => !Number.isNaN(pValues[i]!))
    .sort((i, j) => pValues[i]! - pValues[j]! || i - j);
};

/**
 * Holm's adjusted p values. If you call adjusted values below α significant, the chance of even one false claim in the whole
 * family is below α. The tests may depend on each other. Of m p values in ascending order,
 *
 *     p̃₍ᵢ₎ = max_{j <= i} min(1, (m − j + 1) p₍ⱼ₎).
 *
 * Paper: Holm 1979, "A simple sequentially rejective multiple test procedure".
 *
 * @param pValues [m] of one family. NaN stands for a test that was not made. It stays NaN, and m doesn't count it
 * @returns [m] in the order of `pValues`, never below the p value
 * @throws MetricError when a value isn't a number from 0 to 1
 * @example
 * holm([0.01, 0.04, 0.03, 0.005]); // [0.03, 0.06, 0.06, 0.02]
 */
export const holm = (pValues: NumericArray): number[] => {
  const order = ascending('holm', pValues);
  const adjusted = new Array<number>(pValues.length).fill(NaN);
  let largest = 0;
  order.forEach((index, i) => {
    largest = Math.max(largest, Math.min(1, (order.length - i) * pValues[index]!));
    adjusted[index] = largest;
  });
  return adjusted;
};

/**
 * Benjamini & Hochberg's adjusted p values. If you call adjusted values below α significant, the expected share of false
 * claims among all claims is below α. The tests must be independent or positively dependent. The promise is weaker than that
 * of {@link holm}, and the power is higher. Of m p values in ascending order,
 *
 *     p̃₍ᵢ₎ = min_{j >= i} min(1, (m / j) p₍ⱼ₎).
 *
 * Paper: Benjamini & Hochberg 1995, "Controlling the false discovery rate".
 *
 * @param pValues [m] of one family. NaN stands for a test that was not made. It stays NaN, and m doesn't count it
 * @returns [m] in the order of `pValues`, never below the p value
 * @throws MetricError when a value isn't a number from 0 to 1
 * @example
 * benjaminiHochberg([0.01, 0.04, 0.03, 0.005]); // [0.02, 0.04, 0.04, 0.02]
 */
export const benjaminiHochberg = (pValues: NumericArray): number[] => {
  const order = ascending('benjaminiHochberg', pValues);
  const adjusted = new Array<number>(pValues.length).fill(NaN);
  let smallest = 1;
  for (let i = order.length - 1; i >= 0; i--) {
    smallest = Math.min(smallest, (order.length / (i + 1)) * pValues[order[i]!]!);
    adjusted[order[i]!] = smallest;
  }
  return adjusted;
};
