import { notNegative, number, optional } from '@polytask/components';
import { classBalanced, requireWeights, withWeights } from './class-balance.ts';
import { defineLoss } from './define.ts';

/**
 * Binary cross-entropy, or log loss, of a yes/no label with logit z: −y log σ(z) − (1 − y) log(1 − σ(z)).
 *
 * With `smoothing` ε, y becomes y (1 − ε) + ε/2 (Szegedy et al., CVPR 2016, section 7).
 *
 * @throws PolytaskError when an option is unknown, or out of range
 * @example binary({ loss: binaryCrossEntropy({ smoothing: 0.1 }) })
 */
export const binaryCrossEntropy = /* @__PURE__ */ defineLoss(
  'binary-cross-entropy',
  (config) => {
    const { positiveWeight = 1, smoothing } = config;
    requireWeights(config);
    return (z, label, math) => {
      const { add, mul, neg, softplus, sub } = math;
      const y = smoothing === 0 ? label : add(mul(label, 1 - smoothing), smoothing / 2);
      if (positiveWeight === 1) return math.logLoss(z, y);
      const scale = add(mul(label, positiveWeight - 1), 1);
      return smoothing === 0
        ? add(mul(scale, mul(y, softplus(neg(z)))), mul(sub(1, y), softplus(z)))
        : mul(scale, math.logLoss(z, y));
    };
  },
  {
    tasks: ['binary'],
    options: () => ({
      /** The weight of a positive row. Without it, all rows have weight 1. */
      positiveWeight: optional(notNegative),
      /** The share of a label that goes to the other one, in [0, 1). */
      smoothing: optional(number({ from: 0, below: 1 }), 0),
      ...classBalanced(),
    }),
    fit: (config, counts) => withWeights(config, counts, ([no, yes]) => ({ positiveWeight: yes! / no! })),
    also: ['bce', 'log-loss'],
    description: 'log loss of a yes/no label; smoothed labels, a weight of positive rows',
  },
);
