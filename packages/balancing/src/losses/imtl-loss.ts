import { noFurther } from '../algebra/learned-weights.ts';
import { defineLossBalancer } from '../define.ts';
import type { BalancerSpec } from '../contracts.ts';
import { checkNames, checkPositive } from '../options.ts';

export interface ImtlLossOptions {
  /** Of the log-scales. Default 0.025. */
  learningRate?: number;
}

const define = defineLossBalancer<Required<ImtlLossOptions>, readonly number[]>('imtl-loss', {
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
 * Impartial loss balance, IMTL-L (Liu et al., ICLR 2021, eq. 6): Σ e^s_i L_i − s_i, with s_i learned by plain gradient
 * descent from 0. In equilibrium all scaled losses e^s_i L_i are 1. A step goes no further than to where the loss at hand is
 * in equilibrium, however large it is.
 *
 * @throws BalancingError when the learning rate isn't above 0
 * @example imtlLoss().kind; // 'imtl-loss'
 */
export function imtlLoss(options: ImtlLossOptions = {}): BalancerSpec<'losses'> {
  checkNames(options, ['learningRate'], 'imtlLoss');
  const { learningRate = 0.025 } = options;
  checkPositive(learningRate, 'imtlLoss.learningRate');
  return define({ learningRate });
}
