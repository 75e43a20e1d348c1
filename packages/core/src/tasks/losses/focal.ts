import { notNegative, optional, share } from '@polytask/components';
import { classBalanced, requireWeights, withWeights } from './class-balance.ts';
import { defineLoss } from './loss.ts';

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
    package: '@polytask/core',
  },
);
