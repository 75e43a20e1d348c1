import { requireBetween } from '../input/config.ts';
import { MetricError } from '../metric-error.ts';
import { requireDegrees } from './degrees.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import { invert } from './invert.ts';

/**
 * P(|T| > |t|) of Student's t distribution: the two-sided p value. Precise in the far tail too.
 *
 * @param t any number, ±Infinity included
 * @param degrees degrees of freedom, > 0
 * @throws MetricError on NaN or degrees that aren't a finite number > 0
 * @example
 * studentTTail(2.776445, 4); // 0.05
 */
export const studentTTail = (t: number, degrees: number): number => {
  requireDegrees('studentTTail', degrees);
  if (Number.isNaN(t))
    throw new MetricError('studentTTail', 't = NaN', 'a number', 'Look for a NaN in the values it comes from.');
  if (Math.abs(t) === Infinity) return 0;
  const square = t * t;
  return incompleteBeta(degrees / (degrees + square), degrees / 2, 0.5, square / (degrees + square));
};

/**
 * The quantile of Student's t distribution: the t with P(T < t) = p. Found by bisection on {@link studentTTail}, to
 * about 12 digits.
 *
 * @param p between 0 and 1, both excluded
 * @param degrees degrees of freedom, > 0
 * @throws MetricError on p or degrees out of range
 * @example
 * studentTQuantile(0.975, 9); // 2.262157
 */
export const studentTQuantile = (p: number, degrees: number): number => {
  requireBetween('studentTQuantile', 'p', p, 0, 1);
  requireDegrees('studentTQuantile', degrees);
  if (p === 0.5) return 0;
  const tail = 2 * Math.min(p, 1 - p);
  const t = invert((x) => -studentTTail(x, degrees), -tail);
  return p < 0.5 ? -t : t;
};
