import { optional, positive, type FromDescription, type Written } from '@polytask/components';
import { noFurther, positiveLosses } from './learned-weights.ts';
import { defineLossBalancer, type BalancerSpec } from '../define.ts';

const options = {
  /** The learning rate of the log-variances s. */
  learningRate: optional(positive, 0.025),
};

export interface UwOptions extends Written<typeof options>, FromDescription {}

/**
 * Uncertainty weighting (Kendall et al., CVPR 2018, eq. 10): Σ L_i / σ_i² + log σ_i. The log-variances s_i = log σ_i² start
 * at 0 and follow plain gradient descent. The weights are w_i = e^−s_i, which is 1 / (2 L_i) in equilibrium. A step never
 * passes the equilibrium for the current loss. The paper's ½ before a squared error belongs to the loss.
 *
 * @throws PolytaskError when the learning rate is not above 0, or a loss is negative
 * @example createBalancer(uw(), { tasks: ['a', 'b'], random }).weights({ step: 0, epoch: 0 }); // [1, 1]
 */
export const uw: (config?: UwOptions) => BalancerSpec<'losses'> = defineLossBalancer(
  'uw',
  {
    start: (_config, tasks): readonly number[] => tasks.map(() => 0),
    weights: (logVariances) => logVariances.map((s) => Math.exp(-s)),
    // ∂/∂s (e^−s L + s/2) = ½ − e^−s L, which is 0 at s = log 2L
    learn(logVariances, { learningRate }, { tasks }, input) {
      const losses = positiveLosses(input, tasks, 'uw');
      return logVariances.map((s, i) => {
        const loss = losses[i]!;
        return loss === null ? s : noFurther(s, s - learningRate * (0.5 - Math.exp(-s) * loss), Math.log(2 * loss));
      });
    },
  },
  {
    also: ['uncertainty-weights'],
    traits: { rescaling: true },
    description: 'learned log-variances',
    paper: 'Kendall et al., CVPR 2018',
    package: '@polytask/balancing',
    options,
  },
);
