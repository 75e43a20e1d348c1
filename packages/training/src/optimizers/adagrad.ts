import { notNegative, optional, positive, type Written, type FromDescription } from '@polytask/components';
import { defineOwn, type AverageOptions, type OptimizerFactory, withDecay } from './optimizer.ts';

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
 * @throws PolytaskError when an option is unknown, or an option or the learning rate doesn't fit
 * @example adagrad(0.05, { initialAccumulator: 0.1 })
 */
export const adagrad: OptimizerFactory<AdagradOptions> = defineOwn(
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
    learningRate: 1e-2,
    options,
  },
);

const rowWiseOptions = {
  /** The initial value of the sums. */
  initialAccumulator: optional(notNegative, 0),
  /** Added to the root of the sums, as in TorchRec. */
  epsilon: optional(positive, 1e-8),
};

export interface RowWiseAdagradOptions extends Written<typeof rowWiseOptions>, FromDescription {}

/**
 * Adagrad with one sum for each row of an embedding table (Gupta et al. 2014; the default of DLRM and TorchRec):
 *
 *     s_r = s_r + mean(g_r²)       θ_r = θ_r − lr · g_r / (√s_r + ε)
 *
 * Its slots take 4 bytes a row, where Adam's take 8 · dimension. It trains tables alone: pass it as `tableOptimizer`.
 *
 * @param learningRate a number or a schedule; default 1e-2
 * @throws PolytaskError when an option is unknown, or an option or the learning rate doesn't fit
 * @example fit(model, train, { optimizer: adam(1e-3), tableOptimizer: rowWiseAdagrad(0.05) })
 */
export const rowWiseAdagrad: OptimizerFactory<RowWiseAdagradOptions> = defineOwn(
  'row-wise-adagrad',
  {
    perRow: true,
    slots: ({ initialAccumulator }) => ({ sum: initialAccumulator }),
    coefficients: ({ epsilon }, { learningRate }) => ({ learningRate, epsilon }),
    update({ parameter, gradient, slots, meanSquare }, { learningRate, epsilon }, { add, sub, mul, div, sqrt }) {
      const sum = add(slots['sum']!, meanSquare!);
      return { parameter: sub(parameter, div(mul(gradient, learningRate!), add(sqrt(sum), epsilon!))), slots: { sum } };
    },
  },
  {
    description: 'Adagrad with one sum for each row of a table',
    paper: 'Gupta et al. 2014',
    learningRate: 1e-2,
    options: rowWiseOptions,
  },
);
