import { number, optional } from '@polytask/components';
import { defineGroupLoss } from './group-loss.ts';
import type { GroupLoss } from './loss.ts';

/** The mean of log(1 + e^(−σ (zᵢ − zⱼ))) over the pairs of a group with yᵢ > yⱼ. A pair counts by the product of its weights. */
const pairs =
  (sigma: number): GroupLoss =>
  (z, y, w, { maximum, mine, mul, others, sign, softplus, sub, sumOverGroup }) => {
    const isPair = maximum(sign(sub(mine(y), others(y))), 0);
    const weight = mul(isPair, mul(mine(w), others(w)));
    const gap = sub(others(z), mine(z));
    const losses = softplus(sigma === 1 ? gap : mul(gap, sigma));
    return { loss: sumOverGroup(mul(weight, losses)), weight: sumOverGroup(weight) };
  };

/**
 * Bayesian personalized ranking: −log σ(zᵢ − zⱼ), the mean over pairs of a positive row i and a negative row j of one group (Rendle et
 * al., UAI 2009, section 4.1). All pairs of a batch are taken, where the paper draws them. Sample weights multiply.
 *
 * It learns an order, and no probabilities. The rows need groups.
 *
 * @example binary({ loss: bpr() })
 */
export const bpr = /* @__PURE__ */ defineGroupLoss<Record<never, never>>('bpr', () => pairs(1), {
  tasks: ['binary'],
  options: () => ({}),
  description: 'log loss of pairs: a positive and a negative row of a group',
  paper: 'Rendle et al., UAI 2009, section 4.1',
  package: '@polytask/core',
});

export interface RankNetConfig {
  /** The steepness σ. Default 1. */
  readonly sigma?: number;
}

/**
 * RankNet: log(1 + e^(−σ (zᵢ − zⱼ))), the mean over pairs of one group with yᵢ > yⱼ (Burges et al., ICML 2005, eq. 3, with a target
 * probability of 1). For yes/no labels and σ = 1 it is {@link bpr}. Sample weights multiply.
 *
 * It learns an order, and no values in the unit of the label. The rows need groups.
 *
 * @throws PolytaskError when `sigma` isn't above 0
 * @example regression({ from: 'stars', loss: rankNet() })
 */
export const rankNet = /* @__PURE__ */ defineGroupLoss<RankNetConfig>('rank-net', ({ sigma = 1 }) => pairs(sigma), {
  tasks: ['binary', 'regression', 'count', 'share'],
  options: () => ({ sigma: optional(number('a number above 0', (value) => value > 0)) }),
  description: 'log loss of pairs: the greater and the smaller label of a group',
  paper: 'Burges et al., ICML 2005, eq. 3',
  package: '@polytask/core',
});
