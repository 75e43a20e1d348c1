import { dualCone } from '../algebra/active-set.ts';
import { overPresent } from '../algebra/present.ts';
import { defineGramianBalancer } from '../define.ts';

/**
 * DualProj (Lopez-Paz & Ranzato, NeurIPS 2017, eq. 11; named by Quinton & Rey 2024): the mean gradient, projected onto the dual cone
 * {x : g_i · x ≥ 0}. It is the nearest vector to the mean that raises no loss to first order. Without conflicts it is the mean.
 *
 * Use it when the mean gradient is right for most steps. If one task has much longer gradients, prefer `upGrad`: here that task
 * can take all of the step.
 *
 * @throws PolytaskError when an option is unknown
 * @example
 * createBalancer(dualProj(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, -2], [-2, 8]] }); // [1, 0.5]
 */
export const dualProj = defineGramianBalancer(
  'dualproj',
  overPresent((gramian) => dualCone(gramian)(gramian.map(() => 1 / gramian.length))),
  {
    description: 'the mean gradient, projected until it conflicts with none',
    paper: 'Lopez-Paz & Ranzato, NeurIPS 2017',
    package: '@polytask/balancing',
  },
);
