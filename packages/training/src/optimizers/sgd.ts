import { checkOptions, checks, fail, type Options } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { belowOne, notNegative } from '../option-checks.ts';
import type { LearningRate } from '../schedules/schedule.ts';
import { defineOptimizer, type OptimizerSpec } from './optimizer.ts';
import { withDecay } from './weight-decay.ts';

export interface SgdOptions {
  /** How much of the last step is taken again, in [0, 1). Default 0. */
  momentum?: number;
  /** Nesterov's momentum. Default false. */
  nesterov?: boolean;
  /** L2: times the parameter, added to the gradient. Default 0. */
  weightDecay?: number;
}

const allowed: Options<SgdOptions> = {
  momentum: checks.optional(belowOne),
  nesterov: checks.optional(checks.flag),
  weightDecay: checks.optional(notNegative),
};

const define = defineOptimizer<Required<SgdOptions>>('sgd', {
  slots: ({ momentum }): Record<string, number> => (momentum > 0 ? { momentum: 0 } : {}),

  coefficients: ({ momentum, weightDecay }, { learningRate }) => ({
    learningRate,
    ...(momentum > 0 ? { momentum } : {}),
    ...(weightDecay > 0 ? { l2: weightDecay } : {}),
  }),

  update({ parameter, gradient, slots }, { learningRate, momentum, l2 }, { nesterov }) {
    const g = withDecay(gradient, parameter, l2);
    const b = momentum && tf.add(tf.mul(slots['momentum']!, momentum), g);
    const direction = !b ? g : nesterov ? tf.add(g, tf.mul(b, momentum)) : b;
    return { parameter: tf.sub(parameter, tf.mul(direction, learningRate!)), slots: b ? { momentum: b } : {} };
  },

  sweep({ parameters, gradients, slots }, { learningRate, momentum = 0, l2 = 0 }, { nesterov }) {
    const b = slots['momentum'];
    for (let i = 0; i < parameters.length; i++) {
      const g = gradients[i]! + l2 * parameters[i]!;
      const moving = b ? (b[i] = momentum * b[i]! + g) : g;
      parameters[i] = parameters[i]! - learningRate! * (nesterov ? g + momentum * moving : moving);
    }
  },
});

/**
 * Stochastic gradient descent, with PyTorch's arithmetic:
 *
 *     b = momentum · b + g       θ = θ − lr · b, or θ − lr · (g + momentum · b) with `nesterov`
 *
 * @param learningRate a number or a schedule; default 1e-2
 * @example sgd(0.1, { momentum: 0.9, nesterov: true })
 */
export function sgd(learningRate: LearningRate = 1e-2, options: SgdOptions = {}): OptimizerSpec<Required<SgdOptions>> {
  checkOptions(options, allowed, 'sgd');
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  if (nesterov && momentum === 0) {
    fail({ expected: 'a momentum with nesterov', received: 'none', mend: 'Pass sgd(0.1, { momentum: 0.9, nesterov: true }).' });
  }
  return define(learningRate, { momentum, nesterov, weightDecay });
}
