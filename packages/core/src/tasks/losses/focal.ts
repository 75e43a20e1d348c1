import { number, optional } from '@polytask/components';
import { classBalance, requireWeights, withWeights, type ClassBalanced } from './class-balance.ts';
import { defineLoss } from './loss.ts';

export interface FocalOptions extends ClassBalanced {
  /** How much less a row counts that is already right: the exponent of 1 − p. Default 2. */
  readonly gamma?: number;
  /** The weight of positive rows, in [0, 1]; negative rows have 1 − alpha. Default: 1 for both. */
  readonly alpha?: number;
}

/**
 * The focal loss: −α (1 − p)^γ log p, with the probability p of the label (Lin et al., ICCV 2017, eq. 5). γ = 0 is the log loss.
 *
 * @throws PolytaskError when an option is unknown, or out of range
 * @example binary({ loss: focal({ gamma: 2, alpha: 0.25 }) })
 */
export const focal = /* @__PURE__ */ defineLoss<FocalOptions>(
  'focal',
  (config) => {
    const { gamma = 2, alpha } = config;
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
      gamma: optional(number('a number of 0 or more', (value) => value >= 0)),
      alpha: optional(number('a share in [0, 1]', (value) => value >= 0 && value <= 1)),
      classBalance: classBalance(),
    }),
    fit: (config, counts) => withWeights(config, counts, ([no, yes]) => ({ alpha: yes! / (no! + yes!) })),
    description: 'log loss with less weight on rows that are right already',
    paper: 'Lin et al., ICCV 2017, eq. 5',
    package: '@polytask/core',
  },
);
