import { fail, flag, notNegative, optional, type Written } from '@polytask/components';
import { belowOne, defineOwn, type AverageOptions, type OptimizerFactory, withDecay } from './optimizer.ts';

const options = {
  /** The factor of the previous step in this step, in [0, 1). */
  momentum: optional(belowOne, 0),
  /** Nesterov's momentum. */
  nesterov: optional(flag, false),
  /** L2 regularization: this factor times the parameter is added to the gradient. */
  weightDecay: optional(notNegative, 0),
};

export interface SgdOptions extends Written<typeof options>, AverageOptions {}

/**
 * Stochastic gradient descent, with PyTorch's arithmetic:
 *
 *     b = momentum · b + g       θ = θ − lr · b, or θ − lr · (g + momentum · b) with `nesterov`
 *
 * @param learningRate a number or a schedule; default 1e-2
 * @throws PolytaskError when an option is unknown or out of range; `fit` throws when `nesterov` has no momentum
 * @example sgd(0.1, { momentum: 0.9, nesterov: true })
 */
export const sgd: OptimizerFactory<SgdOptions> = defineOwn(
  'sgd',
  {
    isExactByRows: ({ weightDecay }) => weightDecay === 0,
    idle: ({ momentum, nesterov }) =>
      momentum === 0
        ? undefined
        : {
            decay: { momentum },
            ratio: momentum,
            stretch: 1,
            step: ({ learningRate }) => ({ weight: learningRate! * (nesterov ? momentum : 1), offset: 0 }),
            moverOf(parameters, slots) {
              const b = slots['momentum']!;
              return (from, to, weight) => {
                for (let i = from; i < to; i++) parameters[i]! -= weight * b[i]!;
              };
            },
          },
    slots({ momentum, nesterov }): Record<string, number> {
      if (momentum > 0) return { momentum: 0 };
      if (!nesterov) return {};
      const fix = 'Pass sgd(0.1, { momentum: 0.9, nesterov: true }).';
      return fail({ expected: 'a momentum with nesterov', received: 'none', fix });
    },

    coefficients: ({ momentum, weightDecay }, { learningRate }) => ({
      learningRate,
      ...(momentum > 0 ? { momentum } : {}),
      ...(weightDecay > 0 ? { l2: weightDecay } : {}),
    }),

    update({ parameter, gradient, slots }, { learningRate, momentum, l2 }, math, { nesterov }) {
      const { add, sub, mul } = math;
      const g = withDecay(gradient, parameter, l2, math);
      if (momentum === undefined) return { parameter: sub(parameter, mul(g, learningRate!)), slots: {} };
      const b = add(mul(slots['momentum']!, momentum), g);
      const direction = nesterov ? add(g, mul(b, momentum)) : b;
      return { parameter: sub(parameter, mul(direction, learningRate!)), slots: { momentum: b } };
    },
  },
  {
    description: 'gradient descent, with momentum on request',
    learningRate: 1e-2,
    options,
  },
);
