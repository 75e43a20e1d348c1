import { checkOptions, checks, type Options } from '@polytask/core';
import { notNegative, positive } from '../option-checks.ts';
import type { LearningRate } from '../schedules/schedule.ts';
import { defineOptimizer, type OptimizerSpec, withDecay } from './optimizer.ts';

export interface AdagradOptions {
  /** The initial value of the sums of squares. Default 0, as in PyTorch (Keras and TF.js: 0.1). */
  initialAccumulator?: number;
  /** Added to the root of the sums. Default 1e-10, as in PyTorch. */
  epsilon?: number;
  /** L2 regularization: this factor times the parameter is added to the gradient. Default 0. */
  weightDecay?: number;
}

/** The checks of the options. With an ε of 0, a gradient of 0 would be divided by 0. */
const allowed: Options<AdagradOptions> = {
  initialAccumulator: checks.optional(notNegative),
  epsilon: checks.optional(positive),
  weightDecay: checks.optional(notNegative),
};

const define = defineOptimizer<Required<AdagradOptions>>('adagrad', {
  isExactByRows: ({ weightDecay }) => weightDecay === 0,
  slots: ({ initialAccumulator }) => ({ sum: initialAccumulator }),

  coefficients: ({ epsilon, weightDecay }, { learningRate }) => ({
    learningRate,
    epsilon,
    ...(weightDecay > 0 ? { l2: weightDecay } : {}),
  }),

  update({ parameter, gradient, slots }, { learningRate, epsilon, l2 }, math) {
    const { add, sub, mul, div, sqrt, square } = math;
    const g = withDecay(gradient, parameter, l2, math);
    const sum = add(slots['sum']!, square(g));
    const step = div(mul(g, learningRate!), add(sqrt(sum), epsilon!));
    return { parameter: sub(parameter, step), slots: { sum } };
  },
});

/**
 * Adagrad (Duchi, Hazan & Singer 2011), with PyTorch's defaults: s = s + g², θ = θ − lr · g / (√s + ε).
 *
 * @param learningRate a number or a schedule; default 1e-2
 * @throws PolytaskError when an option is unknown or out of range
 * @example adagrad(0.05, { initialAccumulator: 0.1 })
 */
export function adagrad(
  learningRate: LearningRate = 1e-2,
  options: AdagradOptions = {},
): OptimizerSpec<Required<AdagradOptions>> {
  checkOptions(options, allowed, 'adagrad');
  const { initialAccumulator = 0, epsilon = 1e-10, weightDecay = 0 } = options;
  return define(learningRate, { initialAccumulator, epsilon, weightDecay });
}
