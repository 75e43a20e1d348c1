import { checks, type Options } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { belowOne, notNegative, positive } from '../option-checks.ts';
import type { OptimizerRule, OptimizerSpec } from './optimizer.ts';
import { withDecay } from './weight-decay.ts';

/** What the optimisers with two moments have in common. */
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

  update({ parameter, gradient, slots }, { beta1, beta2, rest1, rest2, step, epsilon, l2, keep }) {
    const g = withDecay(gradient, parameter, l2);
    const m = tf.add(tf.mul(slots['m']!, beta1!), tf.mul(g, rest1!));
    const v = tf.add(tf.mul(slots['v']!, beta2!), tf.mul(tf.square(g), rest2!));
    const kept = keep ? tf.mul(parameter, keep) : parameter;
    return { parameter: tf.sub(kept, tf.div(tf.mul(m, step!), tf.add(tf.sqrt(v), epsilon!))), slots: { m, v } };
  },

  sweep({ parameters, gradients, slots }, { beta1, beta2, rest1, rest2, step, epsilon, l2 = 0, keep = 1 }) {
    const [m, v] = [slots['m']!, slots['v']!];
    for (let i = 0; i < parameters.length; i++) {
      const g = gradients[i]! + l2 * parameters[i]!;
      const mean = (m[i] = beta1! * m[i]! + rest1! * g);
      const square = (v[i] = beta2! * v[i]! + rest2! * g * g);
      parameters[i] = keep * parameters[i]! - (step! * mean) / (Math.sqrt(square) + epsilon!);
    }
  },
});
