import type { RowMath } from '../../arithmetic/row-math.ts';
import { notNegative, number, optional } from '@polytask/components';
import { defineLoss } from './loss.ts';

/**
 * The asymmetric loss (Ridnik et al., ICCV 2021): a focal loss whose exponent is another one for negative rows, and that leaves out
 * negative rows with a probability up to a margin. Defaults are those of the authors' code.
 *
 *     −(1 − p)^γ₊ log p of a positive row;  −q^γ₋ log(1 − q) with q = max(p − m, 0) of a negative row
 *
 * @throws PolytaskError when an option is unknown, or out of range
 * @example binary({ loss: asymmetric({ gammaNegative: 2, margin: 0.1 }) })
 */
export const asymmetric = /* @__PURE__ */ defineLoss(
  'asymmetric',
  ({ gammaPositive, gammaNegative, margin }) =>
    (z, y, math) => {
      const { add, mul, neg, softplus, sub } = math;
      const positive = focused(softplus(neg(z)), neg(softplus(z)), gammaPositive, math); // 1 − p = e^−softplus(z)
      const negative =
        margin === 0
          ? focused(softplus(z), neg(softplus(neg(z))), gammaNegative, math)
          : beyond(z, margin, gammaNegative, math);
      return add(mul(y, positive), mul(sub(1, y), negative));
    },
  {
    tasks: ['binary'],
    options: () => ({
      /** How much less a positive row counts that is already right: the exponent γ₊ of 1 − p. */
      gammaPositive: optional(notNegative, 1),
      /** How much less a negative row counts that is already right: the exponent γ₋ of its probability. */
      gammaNegative: optional(notNegative, 4),
      /** The probability m of a negative row up to which it doesn't count, in [0, 1). */
      margin: optional(number({ from: 0, below: 1 }), 0.05),
    }),
    also: ['asl'],
    description: 'focal loss with other exponents for positive and negative rows',
    paper: 'Ridnik et al., ICCV 2021',
    package: '@polytask/core',
  },
);

/** A loss times a factor to the power of γ, which is given by its logarithm. */
const focused = <V>(loss: V, logFactor: V, gamma: number, { exp, mul }: RowMath<V>): V =>
  gamma === 0 ? loss : mul(exp(mul(logFactor, gamma)), loss);

/** −q^γ log(1 − q), with the probability q beyond a margin. 1 − q is at least the margin, so its logarithm is finite. */
function beyond<V>(z: V, margin: number, gamma: number, math: RowMath<V>): V {
  const { add, log, maximum, minimum, neg, sigmoid, sub } = math;
  const loss = neg(log(minimum(add(sigmoid(neg(z)), margin), 1)));
  return focused(loss, log(maximum(sub(sigmoid(z), margin), 1e-30)), gamma, math);
}
