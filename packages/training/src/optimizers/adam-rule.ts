import { checks, type Options } from '@polytask/core';
import { belowOne, notNegative, positive } from '../option-checks.ts';
import type { OptimizerRule, OptimizerSpec } from './optimizer.ts';
import { withDecay } from './weight-decay.ts';

/** What the optimizers with two moments have in common. */
export interface Moments {
  /** Decay of the mean of gradients, in [0, 1). Default 0.9. */
  beta1?: number;
  /** Decay of the mean of their squares, in [0, 1). Default 0.999. */
  beta2?: number;
  /** Added to the root of the second moment. Default 1e-8, as in PyTorch. */
  epsilon?: number;
}

type Config = OptimizerSpec<Required<Moments> & { weightDecay: number }>;

/** What of the weight decay reaches a step: an L2 factor, or the share of the parameter that is kept. */
type Decay = (weightDecay: number, learningRate: number) => { l2?: number; keep?: number };

/** For `checkOptions`. With an ε of 0 a gradient of 0 would be divided by 0. */
export const momentOptions: Options<Moments & { weightDecay: number }> = {
  beta1: checks.optional(belowOne),
  beta2: checks.optional(belowOne),
  epsilon: checks.optional(positive),
  weightDecay: checks.optional(notNegative),
};

/** Adam's arithmetic. lr m̂ / (√v̂ + ε) is written as step · m / (√v + ε′): one division for each number. */
export const adamRule = (decay: Decay): OptimizerRule<Config> => ({
  slots: () => ({ m: 0, v: 0 }),

  coefficients({ beta1, beta2, epsilon, weightDecay }, { step, learningRate }) {
    const root = Math.sqrt(1 - beta2 ** step);
    return {
      beta1,
      beta2,
      rest1: 1 - beta1,
      rest2: 1 - beta2,
      step: (learningRate * root) / (1 - beta1 ** step),
      epsilon: epsilon * root,
      ...(weightDecay > 0 ? decay(weightDecay, learningRate) : {}),
    };
  },

  update({ parameter, gradient, slots }, { beta1, beta2, rest1, rest2, step, epsilon, l2, keep }, math) {
    const { add, sub, mul, div, sqrt, square } = math;
    const g = withDecay(gradient, parameter, l2, math);
    const m = add(mul(slots['m']!, beta1!), mul(g, rest1!));
    const v = add(mul(slots['v']!, beta2!), mul(square(g), rest2!));
    const kept = keep === undefined ? parameter : mul(parameter, keep);
    return { parameter: sub(kept, div(mul(m, step!), add(sqrt(v), epsilon!))), slots: { m, v } };
  },
});
