import { MetricError, requireBetween, show } from '../metric-error.ts';
import { invert, normalCdf, requireSquares } from './distributions.ts';

/** The step of the trapezoidal rule. The error for this integrand is about exp(−2π² / (step² groups)) = e⁻⁴⁰. */
const stepFor = (groups: number): number => Math.PI * Math.sqrt(2 / (40 * groups));
const MOST_GROUPS = 200;

const requireGroups = (where: string, groups: unknown): void => {
  if (Number.isInteger(groups) && (groups as number) >= 2 && (groups as number) <= MOST_GROUPS) return;
  throw new MetricError(
    where,
    `${show(groups)} groups`,
    `a whole number from 2 to ${MOST_GROUPS}`,
    'It is the number of means, or of models, that are compared.',
  );
};

const tail = (q: number, groups: number): number => {
  if (q === Infinity) return 0;
  const powers = groups - 1;
  const step = stepFor(groups);
  let sum = 0;
  for (let z = -9; z <= 9 + q / 2; z += step) {
    const below = normalCdf(z);
    const ratio = normalCdf(z - q) / below;
    // Φ(z)^(k−1) − [Φ(z) − Φ(z − q)]^(k−1) without a subtraction of close numbers
    sum += Math.exp((-z * z) / 2) * below ** powers * -Math.expm1(powers * Math.log1p(-ratio));
  }
  return Math.min(1, (groups * step * sum) / Math.sqrt(2 * Math.PI));
};

/**
 * P(Q > q) of the studentized range with infinitely many degrees of freedom. Q is the range, largest − smallest, of k
 * independent standard normal values,
 *
 *     P(Q > q) = 1 − k ∫ φ(z) [Φ(z) − Φ(z − q)]^(k − 1) dz.
 *
 * Tests of ranks use it (Nemenyi 1963). The variance of a rank is known and not estimated, so the degrees are infinite.
 *
 * @param q >= 0, Infinity included
 * @param groups k, a whole number from 2 to 200
 * @throws MetricError on q below 0 or NaN, or groups out of range
 * @example
 * studentizedRangeTail(3.314493, 3); // 0.05
 */
export const studentizedRangeTail = (q: number, groups: number): number => {
  requireSquares('studentizedRangeTail', 'q', q);
  requireGroups('studentizedRangeTail', groups);
  return tail(q, groups);
};

/**
 * The quantile of the studentized range with infinitely many degrees of freedom: the q with P(Q < q) = p.
 *
 * @param p between 0 and 1, both excluded
 * @param groups k, a whole number from 2 to 200
 * @throws MetricError on p or groups out of range
 * @example
 * studentizedRangeQuantile(0.95, 3); // 3.314493
 */
export const studentizedRangeQuantile = (p: number, groups: number): number => {
  requireBetween('studentizedRangeQuantile', 'p', p, 0, 1);
  requireGroups('studentizedRangeQuantile', groups);
  return invert((q) => -tail(q, groups), p - 1);
};
