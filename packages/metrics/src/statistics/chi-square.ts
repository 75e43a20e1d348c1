import { requireBetween } from '../input/config.ts';
import { requireDegrees, requireSquares } from './degrees.ts';
import { incompleteGamma } from './incomplete-gamma.ts';
import { invert } from './invert.ts';

/**
 * P(X > x) of the χ² distribution: the p value. Precise in the far tail too.
 *
 * @param x >= 0, Infinity included
 * @param degrees degrees of freedom, > 0
 * @throws MetricError on x below 0 or NaN, or degrees that aren't a finite number > 0
 * @example
 * chiSquareTail(5.991465, 2); // 0.05
 */
export const chiSquareTail = (x: number, degrees: number): number => {
  requireSquares('chiSquareTail', 'x', x);
  requireDegrees('chiSquareTail', degrees);
  return incompleteGamma(degrees / 2, x / 2).upper;
};

/**
 * The quantile of the χ² distribution: the x with P(X < x) = p.
 *
 * @param p between 0 and 1, both excluded
 * @param degrees degrees of freedom, > 0
 * @throws MetricError on p or degrees out of range
 * @example
 * chiSquareQuantile(0.95, 2); // 5.991465
 */
export const chiSquareQuantile = (p: number, degrees: number): number => {
  requireBetween('chiSquareQuantile', 'p', p, 0, 1);
  requireDegrees('chiSquareQuantile', degrees);
  const at = (x: number) => incompleteGamma(degrees / 2, x / 2);
  return p < 0.5 ? invert((x) => at(x).lower, p) : invert((x) => -at(x).upper, p - 1);
};
