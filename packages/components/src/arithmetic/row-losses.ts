import type { RowLoss, RowMath } from './row-math.ts';

/** The losses that networks and boosting share: one output z and its label y. */

export const squaredError: RowLoss = (z, y, { square, sub }) => square(sub(z, y));

export const absoluteError: RowLoss = (z, y, { abs, sub }) => abs(sub(z, y));

/** Huber's loss: ½ e² up to an error of δ, and δ (|e| − ½ δ) above (Huber, Annals of Mathematical Statistics 1964, eq. 1). */
export const huberLoss =
  (delta: number): RowLoss =>
  (z, y, { abs, add, minimum, mul, square, sub }) => {
    const size = abs(sub(z, y));
    const inside = minimum(size, delta); // ½ d² + δ (|e| − d), with d = min(|e|, δ)
    const outside = sub(size, inside);
    return add(mul(0.5, square(inside)), delta === 1 ? outside : mul(outside, delta));
  };

/** max(q (y − z), (q − 1) (y − z)) for the level q (Koenker and Bassett, Econometrica 1978). */
export const pinballLoss =
  (level: number): RowLoss =>
  (z, y, { maximum, mul, sub }) => {
    const under = sub(y, z);
    return maximum(mul(under, level), mul(under, level - 1));
  };

/** Logarithms of means are cut at ±40: beyond, an exponential overflows 32 bits, and 0 times infinity is no number. */
const bounded = <V>(z: V, { maximum, minimum }: RowMath<V>): V => minimum(maximum(z, -40), 40);

/** The logarithm of a label. A label may be 0: the logarithm's factor is 0 then. */
const logOf = <V>(y: V, { log, maximum }: RowMath<V>): V => log(maximum(y, 1e-30));

/** Half the deviance of a Poisson distribution with the mean eᶻ: eᶻ − y z + y log y − y. */
export const poissonDeviance: RowLoss = (output, y, math) => {
  const { add, exp, mul, sub } = math;
  const z = bounded(output, math);
  return add(sub(exp(z), mul(y, z)), mul(y, sub(logOf(y, math), 1)));
};

/** Half the deviance of a gamma distribution with the mean eᶻ: z + y e⁻ᶻ − log y − 1. */
export const gammaDeviance: RowLoss = (output, y, math) => {
  const { add, exp, mul, neg, sub } = math;
  const z = bounded(output, math);
  return sub(add(z, mul(y, exp(neg(z)))), add(logOf(y, math), 1));
};

/**
 * Half the deviance of a Tweedie distribution with the mean eᶻ and the power p (Jørgensen, Journal of the Royal Statistical Society B 1987):
 *
 *     y²⁻ᵖ / ((1−p)(2−p)) − y e^((1−p) z) / (1−p) + e^((2−p) z) / (2−p)
 */
export const tweedieDeviance =
  (p: number): RowLoss =>
  (output, y, math) => {
    const { add, div, exp, mul, sub } = math;
    const z = bounded(output, math);
    const saturated = div(exp(mul(logOf(y, math), 2 - p)), (p - 1) * (2 - p));
    return sub(add(div(mul(y, exp(mul(z, 1 - p))), p - 1), div(exp(mul(z, 2 - p)), 2 - p)), saturated);
  };
