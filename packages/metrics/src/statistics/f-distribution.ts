import { requireBetween } from '../input/config.ts';
import { requireDegrees, requireSquares } from './degrees.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import { invert } from './invert.ts';

/** P(F > f), or P(F < f): the one that is asked for comes without a subtraction. */
const side = (f: number, numerator: number, denominator: number, upper: boolean): number => {
  if (f === Infinity) return upper ? 0 : 1;
  const total = denominator + numerator * f;
  const [above, below] = [denominator / total, (numerator * f) / total];
  return upper
    ? incompleteBeta(above, denominator / 2, numerator / 2, below)
    : incompleteBeta(below, numerator / 2, denominator / 2, above);
};

/**
 * P(F > f) of Fisher's F distribution: the p value of a ratio of variances.
 *
 * @param f >= 0, Infinity included
 * @param numerator degrees of freedom, > 0
 * @param denominator degrees of freedom, > 0
 * @throws MetricError on f below 0 or NaN, or degrees that aren't finite numbers > 0
 * @example
 * fTail(4.102821, 2, 10); // 0.05
 */
export const fTail = (f: number, numerator: number, denominator: number): number => {
  requireSquares('fTail', 'f', f);
  requireDegrees('fTail', numerator);
  requireDegrees('fTail', denominator);
  return side(f, numerator, denominator, true);
};

/**
 * The quantile of Fisher's F distribution: the f with P(F < f) = p.
 *
 * @param p between 0 and 1, both excluded
 * @param numerator degrees of freedom, > 0
 * @param denominator degrees of freedom, > 0
 * @throws MetricError on p or degrees out of range
 * @example
 * fQuantile(0.95, 2, 10); // 4.102821
 */
export const fQuantile = (p: number, numerator: number, denominator: number): number => {
  requireBetween('fQuantile', 'p', p, 0, 1);
  requireDegrees('fQuantile', numerator);
  requireDegrees('fQuantile', denominator);
  return p < 0.5
    ? invert((f) => side(f, numerator, denominator, false), p)
    : invert((f) => -side(f, numerator, denominator, true), p - 1);
};
