import { number, optional } from '@polytask/components';
import { classBalance, requireWeights, withWeights, type ClassBalanced } from './class-balance.ts';
import { defineLoss } from './loss.ts';

export interface BinaryCrossEntropyOptions extends ClassBalanced {
  /** The weight of a positive row. Default 1. */
  readonly positiveWeight?: number;
  /** The share of a label that goes to the other one, in [0, 1). Default 0. */
  readonly smoothing?: number;
}

/**
 * Binary cross-entropy, or log loss, of a yes/no label with logit z: −y log σ(z) − (1 − y) log(1 − σ(z)).
 *
 * With `smoothing` ε, y becomes y (1 − ε) + ε/2 (Szegedy et al., CVPR 2016, section 7).
 *
 * @throws PolytaskError when an option is unknown, or out of range
 * @example binary({ loss: binaryCrossEntropy({ smoothing: 0.1 }) })
 */
export const binaryCrossEntropy = /* @__PURE__ */ defineLoss<BinaryCrossEntropyOptions>(
  'binary-cross-entropy',
  (config) => {
    const { positiveWeight = 1, smoothing = 0 } = config;
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
      positiveWeight: optional(number('a number of 0 or more', (value) => value >= 0)),
      smoothing: optional(number('a share in [0, 1)', (value) => value >= 0 && value < 1)),
      classBalance: classBalance(),
    }),
    fit: (config, counts) => withWeights(config, counts, ([no, yes]) => ({ positiveWeight: yes! / no! })),
    description: 'log loss of a yes/no label; smoothed labels, a weight of positive rows',
    package: '@polytask/core',
  },
);
