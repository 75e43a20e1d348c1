import { noFurther } from '../algebra/learned-weights.ts';
import { defineLossBalancer } from '../define.ts';
import type { BalancerSpec } from '../contracts.ts';
import { checkNames, checkPositive } from '../options.ts';

/** Options of {@link uncertaintyWeights}. */
export interface UncertaintyWeightsOptions {
  /** The learning rate of the log-variances s. Default 0.025. */
  learningRate?: number;
}

const define = defineLossBalancer<Required<UncertaintyWeightsOptions>, readonly number[]>('uncertainty-weights', {
  package: '@polytask/balancing',
  description: 'learned log-variances',
  paper: 'Kendall et al., CVPR 2018',
  default: () => uncertaintyWeights(),
  start: (_config, tasks) => tasks.map(() => 0),
  weights: (logVariances) => logVariances.map((s) => Math.exp(-s)),
  // ∂/∂s (e^−s L + s/2) = ½ − e^−s L, which is 0 at s = log 2L
  learn: (logVariances, { learningRate }, _moment, { losses, present }) =>
    logVariances.map((s, i) => {
      if (!present[i]) return s;
      return noFurther(s, s - learningRate * (0.5 - Math.exp(-s) * losses[i]!), Math.log(2 * Math.max(0, losses[i]!)));
    }),
});

/**
 * Uncertainty weighting (Kendall et al., CVPR 2018, eq. 10): Σ L_i / σ_i² + log σ_i. The log-variances s_i = log σ_i² start
 * at 0 and follow plain gradient descent. The weights are w_i = e^−s_i, which is 1 / (2 L_i) in equilibrium. A step never
 * passes the equilibrium for the current loss. The paper's ½ before a squared error belongs to the loss.
 *
 * @throws BalancingError when the learning rate is not above 0
 * @example createBalancer(uncertaintyWeights(), { tasks: ['a', 'b'], random }).weights({ step: 0, epoch: 0 }); // [1, 1]
 */
export function uncertaintyWeights(options: UncertaintyWeightsOptions = {}): BalancerSpec<'losses'> {
  checkNames(options, ['learningRate'], 'uncertaintyWeights');
  const { learningRate = 0.025 } = options;
  checkPositive(learningRate, 'uncertaintyWeights.learningRate');
  return define({ learningRate });
}
