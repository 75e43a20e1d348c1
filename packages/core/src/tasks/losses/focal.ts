import { notNegative, number, optional, type RowMath, share } from '@polytask/components';
import { classBalanced, requireWeights, withWeights } from './class-balance.ts';
import { defineLoss } from './define.ts';

/**
 * The focal loss: −α (1 − p)^γ log p, with the probability p of the label (Lin et al., ICCV 2017, eq. 5). γ = 0 is the log loss.
 *
 * @throws PolytaskError when an option is unknown, or out of range
 * @example binary({ loss: focal({ gamma: 2, alpha: 0.25 }) })
 */
export const focal = /* @__PURE__ */ defineLoss(
  'focal',
  (config) => {
    const { gamma, alpha } = config;
    requireWeights(config);
    return (z, y, math) => {
      const { add, exp, mul, neg, softplus, sub } = math;
      const toward = mul(z, sub(mul(y, 2), 1)); // the logit of the label: z or −z
      const loss = softplus(neg(toward)); // −log p
      const focus = gamma === 0 ? loss : mul(exp(mul(softplus(toward), -gamma)), loss); // 1 − p = e^−softplus
      return alpha === undefined ? focus : mul(add(mul(y, 2 * alpha - 1), 1 - alpha), focus);
    };
  },
  {
    tasks: ['binary'],
    options: () => ({
      /** How much less a row counts that is already right: the exponent of 1 − p. */
      gamma: optional(notNegative, 2),
      /** The weight of positive rows, in [0, 1]; negative rows have 1 − alpha. Without it, both have weight 1. */
      alpha: optional(share),
      ...classBalanced(),
    }),
    fit: (config, counts) => withWeights(config, counts, ([no, yes]) => ({ alpha: yes! / (no! + yes!) })),
    description: 'log loss with less weight on rows that are right already',
    paper: 'Lin et al., ICCV 2017, eq. 5',
  },
);

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
