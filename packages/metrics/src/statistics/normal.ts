import { requireBetween } from '../input/config.ts';
import { MetricError } from '../metric-error.ts';
import { incompleteGamma } from './incomplete-gamma.ts';
import { invert } from './invert.ts';

/**
 * P(Z <= z) of the standard normal distribution, precise in the far lower tail too: `normalCdf(-z)` is P(Z > z).
 *
 * @param z any number, ±Infinity included
 * @throws MetricError on NaN
 * @example
 * normalCdf(1.959964); // 0.975
 * normalCdf(-3); // 0.00134990
 */
export const normalCdf = (z: number): number => {
  if (Number.isNaN(z))
    throw new MetricError('normalCdf', 'z = NaN', 'a number', 'Look for a NaN in the values it comes from.');
  const { lower, upper } = incompleteGamma(0.5, (z * z) / 2); // P(|Z| < z), P(|Z| > z)
  return z < 0 ? upper / 2 : (1 + lower) / 2;
};

/**
 * The quantile of the standard normal distribution: the z with P(Z <= z) = p.
 *
 * @param p between 0 and 1, both excluded
 * @throws MetricError on p out of range
 * @example
 * normalQuantile(0.975); // 1.959964
 */
export const normalQuantile = (p: number): number => {
  requireBetween('normalQuantile', 'p', p, 0, 1);
  if (p === 0.5) return 0;
  const z = invert((x) => -normalCdf(-x), -Math.min(p, 1 - p));
  return p < 0.5 ? -z : z;
};
