import { optional, positive, type FromDescription, type Written } from '@polytask/components';
import { noFurther, positiveLosses } from './learned-weights.ts';
import { defineLossBalancer, type BalancerSpec } from '../define.ts';

const options = {
  /** The learning rate of the log-scales s. */
  learningRate: optional(positive, 0.025),
};

export interface ImtlLOptions extends Written<typeof options>, FromDescription {}

/**
 * Impartial loss balance, IMTL-L (Liu et al., ICLR 2021, eq. 6): Σ e^s_i L_i − s_i. The log-scales s_i start at 0 and follow
 * plain gradient descent. In equilibrium all scaled losses e^s_i L_i are 1. A step never passes the equilibrium for the
 * current loss.
 *
 * @throws PolytaskError when the learning rate is not above 0, or a loss is negative
 * @example imtlL().name; // 'imtl-l'
 */
export const imtlL: (config?: ImtlLOptions) => BalancerSpec<'losses'> = defineLossBalancer(
  'imtl-l',
  {
    start: (_config, tasks): readonly number[] => tasks.map(() => 0),
    weights: (logScales) => logScales.map(Math.exp),
    // ∂/∂s (e^s L − s) = e^s L − 1, which is 0 at s = −log L
    learn(logScales, { learningRate }, { tasks }, input) {
      const losses = positiveLosses(input, tasks, 'imtl-l');
      return logScales.map((s, i) => {
        const loss = losses[i]!;
        return loss === null ? s : noFurther(s, s - learningRate * (Math.exp(s) * loss - 1), -Math.log(loss));
      });
    },
  },
  {
    also: ['imtl-loss'],
    traits: { rescaling: true },
    description: 'learned scales that make all losses 1',
    paper: 'Liu et al., ICLR 2021',
    package: '@polytask/balancing',
    options,
  },
);
