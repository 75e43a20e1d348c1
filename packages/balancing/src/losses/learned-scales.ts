import { optional, positive, type FromDescription, type Written } from '@polytask/components';
import type { LossRule } from '../contracts.ts';
import { defineLosses, type BalancerSpec } from '../define.ts';
import { positiveLosses } from './learned-weights.ts';

const options = {
  /** The learning rate of the scales s, which are logarithms. */
  learningRate: optional(positive, 0.025),
};

export interface UwOptions extends Written<typeof options>, FromDescription {}
export interface ImtlLOptions extends Written<typeof options>, FromDescription {}

/**
 * A scale s for each task follows plain gradient descent. It doesn't pass the minimum for the current loss: a log-variance that jumps by 40
 * gives a weight e^−s that never recovers.
 */
const learnedScales = (
  name: string,
  weightOf: (s: number) => number,
  slope: (weight: number, loss: number) => number,
  minimum: (loss: number) => number,
): LossRule<{ readonly learningRate: number }, readonly number[]> => ({
  start: (_config, tasks) => tasks.map(() => 0),
  weights: (scales) => scales.map(weightOf),
  learn(scales, { learningRate }, { tasks }, input) {
    const losses = positiveLosses(input, tasks, name);
    return scales.map((s, i) => {
      const loss = losses[i]!;
      if (loss === null) return s;
      const [next, least] = [s - learningRate * slope(weightOf(s), loss), minimum(loss)];
      return s <= least ? Math.min(next, least) : Math.max(next, least);
    });
  },
});

/**
 * Uncertainty weighting (Kendall et al., CVPR 2018, eq. 10): Σ L_i / σ_i² + log σ_i. The log-variances s_i = log σ_i² start
 * at 0 and follow plain gradient descent. The weights are w_i = e^−s_i, which is 1 / (2 L_i) in equilibrium. A step never
 * passes the equilibrium for the current loss. The paper's ½ before a squared error belongs to the loss.
 *
 * @throws PolytaskError when the learning rate is not above 0, or a loss is negative
 * @example createBalancer(uw(), { tasks: ['a', 'b'], random }).weights({ step: 0, epoch: 0 }); // [1, 1]
 */
export const uw: (config?: UwOptions) => BalancerSpec<'losses'> = defineLosses(
  'uw',
  // ∂/∂s (e^−s L + s/2) = ½ − e^−s L, which is 0 at s = log 2L
  learnedScales(
    'uw',
    (s) => Math.exp(-s),
    (weight, loss) => 0.5 - weight * loss,
    (loss) => Math.log(2 * loss),
  ),
  {
    also: ['uncertainty-weights'],
    traits: { rescaling: true },
    description: 'learned log-variances',
    paper: 'Kendall et al., CVPR 2018',
    options,
  },
);

/**
 * Impartial loss balance, IMTL-L (Liu et al., ICLR 2021, eq. 6): Σ e^s_i L_i − s_i. The log-scales s_i start at 0 and follow
 * plain gradient descent. In equilibrium all scaled losses e^s_i L_i are 1. A step never passes the equilibrium for the
 * current loss.
 *
 * @throws PolytaskError when the learning rate is not above 0, or a loss is negative
 * @example imtlL().name; // 'imtl-l'
 */
export const imtlL: (config?: ImtlLOptions) => BalancerSpec<'losses'> = defineLosses(
  'imtl-l',
  // ∂/∂s (e^s L − s) = e^s L − 1, which is 0 at s = −log L
  learnedScales(
    'imtl-l',
    Math.exp,
    (weight, loss) => weight * loss - 1,
    (loss) => -Math.log(loss),
  ),
  {
    also: ['imtl-loss'],
    traits: { rescaling: true },
    description: 'learned scales that make all losses 1',
    paper: 'Liu et al., ICLR 2021',
    options,
  },
);
