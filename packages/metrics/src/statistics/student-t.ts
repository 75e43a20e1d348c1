import { MetricError, show } from '../metric-error.ts';
import { requireBetween } from '../input/config.ts';
import { incompleteBeta } from './incomplete-beta.ts';

const requireDegrees = (where: string, degrees: number): void => {
  if (degrees > 0 && degrees < Infinity) return;
  throw new MetricError(where, `${show(degrees)} degrees of freedom`, 'a finite number > 0', 'It is the number of values minus 1 for a mean.');
};

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
  if (Number.isNaN(t)) throw new MetricError('studentTTail', 't = NaN', 'a number', 'Look for a NaN in the values it comes from.');
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
  let low = 0;
  let high = 1;
  while (studentTTail(high, degrees) > tail) {
    low = high;
    high *= 2;
  }
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return p < 0.5 ? -middle : middle; // no number in between
    if (studentTTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
};
