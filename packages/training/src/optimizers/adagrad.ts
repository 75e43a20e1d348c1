import { notNegative, optional, positive, type Written } from '@polytask/components';
import { defineOptimizer, type AverageOptions, type OptimizerFactory, withDecay } from './optimizer.ts';

const options = {
  /** The initial value of the sums of squares, as in PyTorch (Keras and TF.js: 0.1). */
  initialAccumulator: optional(notNegative, 0),
  /** Added to the root of the sums, as in PyTorch. */
  epsilon: optional(positive, 1e-10),
  /** L2 regularization: this factor times the parameter is added to the gradient. */
  weightDecay: optional(notNegative, 0),
};

export interface AdagradOptions extends Written<typeof options>, AverageOptions {}

/**
 * Adagrad (Duchi, Hazan & Singer 2011), with PyTorch's defaults: s = s + g², θ = θ − lr · g / (√s + ε).
 *
 * @param learningRate a number or a schedule; default 1e-2
 * @throws PolytaskError when an option is unknown or out of range
 * @example adagrad(0.05, { initialAccumulator: 0.1 })
 */
export const adagrad: OptimizerFactory<AdagradOptions> = defineOptimizer(
  'adagrad',
  {
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
  },
  {
    description: 'steps that shrink with the sum of squared gradients',
    paper: 'Duchi, Hazan & Singer, JMLR 2011',
    package: '@polytask/training',
    learningRate: 1e-2,
    options,
  },
);
