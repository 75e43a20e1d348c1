import { noFurther } from '../algebra/learned-weights.ts';
import { defineLossBalancer } from '../define.ts';
import type { BalancerSpec } from '../contracts.ts';
import { checkNames, checkPositive } from '../options.ts';

/** Options of {@link imtlLoss}. */
export interface ImtlLossOptions {
  /** The learning rate of the log-scales s. Default 0.025. */
  learningRate?: number;
}

const define = defineLossBalancer<Required<ImtlLossOptions>, readonly number[]>('imtl-loss', {
  package: '@polytask/balancing',
  description: 'learned scales that make all losses 1',
  paper: 'Liu et al., ICLR 2021',
  default: () => imtlLoss(),
  start: (_config, tasks) => tasks.map(() => 0),
  weights: (logScales) => logScales.map(Math.exp),
  // ∂/∂s (e^s L − s) = e^s L − 1, which is 0 at s = −log L
  learn: (logScales, { learningRate }, _moment, { losses, present }) =>
    logScales.map((s, i) => {
      if (!present[i]) return s;
      return noFurther(s, s - learningRate * (Math.exp(s) * losses[i]! - 1), -Math.log(Math.max(0, losses[i]!)));
    }),
});

/**
 * Impartial loss balance, IMTL-L (Liu et al., ICLR 2021, eq. 6): Σ e^s_i L_i − s_i. The log-scales s_i start at 0 and follow
 * plain gradient descent. In equilibrium all scaled losses e^s_i L_i are 1. A step never passes the equilibrium for the
 * current loss.
 *
 * @throws BalancingError when the learning rate is not above 0
 * @example imtlLoss().kind; // 'imtl-loss'
 */
export function imtlLoss(options: ImtlLossOptions = {}): BalancerSpec<'losses'> {
  checkNames(options, ['learningRate'], 'imtlLoss');
  const { learningRate = 0.025 } = options;
  checkPositive(learningRate, 'imtlLoss.learningRate');
  return define({ learningRate });
}
