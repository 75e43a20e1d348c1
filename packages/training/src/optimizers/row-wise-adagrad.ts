import { notNegative, optional, positive, type FromDescription, type Written } from '@polytask/components';
import { defineOptimizer, type OptimizerFactory } from './optimizer.ts';

const options = {
  /** The initial value of the sums. */
  initialAccumulator: optional(notNegative, 0),
  /** Added to the root of the sums, as in TorchRec. */
  epsilon: optional(positive, 1e-8),
};

export interface RowWiseAdagradOptions extends Written<typeof options>, FromDescription {}

/**
 * Adagrad with one sum for each row of an embedding table (Gupta et al. 2014; the default of DLRM and TorchRec):
 *
 *     s_r = s_r + mean(g_r²)       θ_r = θ_r − lr · g_r / (√s_r + ε)
 *
 * Its slots take 4 bytes a row, where Adam's take 8 · dimension. It trains tables alone: pass it as `tableOptimizer`.
 *
 * @param learningRate a number or a schedule; default 1e-2
 * @throws PolytaskError when an option is unknown or out of range
 * @example fit(model, train, { optimizer: adam(1e-3), tableOptimizer: rowWiseAdagrad(0.05) })
 */
export const rowWiseAdagrad: OptimizerFactory<RowWiseAdagradOptions> = defineOptimizer(
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
    package: '@polytask/training',
    learningRate: 1e-2,
    options,
  },
);
