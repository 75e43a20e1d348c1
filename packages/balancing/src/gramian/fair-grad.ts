import { optional, positive, type Read, type Written } from '@polytask/components';
import { fairShares } from '../algebra/fair-shares.ts';
import { overPresent } from '../algebra/present.ts';
import { defineGramianBalancer, type BalancerSpec, type GramianOptions } from '../define.ts';

const options = {
  /** α: the fairness. 1 is `nashMtl`; the larger α, the more the task with the smallest gain counts. */
  alpha: optional(positive, 2),
};

export interface FairGradOptions extends Written<typeof options>, GramianOptions {}

/**
 * FairGrad (Ban & Ji, ICML 2024, eq. 4): the direction with the greatest sum of α-fair utilities of the tasks' gains,
 * Σ (g_i · d)^(1−α) / (1 − α). Its weights fulfill G w = w^(−1/α).
 *
 * Use it when Nash-MTL helps the wrong tasks: α moves the balance towards the task that gains least. Newton's method solves the equation
 * exactly. As in `nashMtl`, the direction is the paper's, and with one task the result is its gradient.
 *
 * @throws PolytaskError when α is not above 0
 * @example
 * createBalancer(fairGrad({ alpha: 2 }), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 1]] }); // [1, 1]
 */
export const fairGrad: (config?: FairGradOptions) => BalancerSpec<'gramian'> = defineGramianBalancer(
  'fairgrad',
  overPresent((gramian, { alpha }: Read<typeof options>) => fairShares(gramian, alpha)),
  {
    description: 'α-fair gains: from the bargain of all tasks to the best for the worst',
    paper: 'Ban & Ji, ICML 2024',
    package: '@polytask/balancing',
    options,
  },
);
