import { sum } from '@polytask/components';
import { dualCone } from '../algebra/active-set.ts';
import { overPresent } from '../algebra/present.ts';
import { defineGramianBalancer } from '../define.ts';

/**
 * UPGrad (Quinton & Rey 2024, Jacobian Descent): each gradient is projected onto the dual cone {x : g_i · x ≥ 0}, and the result
 * is the mean of the projections, (1/T) Σ_i π(g_i). No loss rises to first order. A task with a gradient k times as long has k times
 * the influence.
 *
 * Use it when tasks conflict and none may get worse for the sake of the others. With two tasks, it is half of PCGrad.
 *
 * @throws PolytaskError when an option is unknown
 * @example
 * createBalancer(upGrad(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, -1], [-1, 4]] }); // [1, 0.625]
 */
export const upGrad = defineGramianBalancer(
  'upgrad',
  overPresent((gramian) => {
    const project = dualCone(gramian);
    const projections = gramian.map((_, i) => project(gramian.map((__, j) => Number(i === j))));
    return gramian.map((_, j) => sum(projections, (weights) => weights[j]!) / gramian.length);
  }),
  {
    description: 'the mean of gradients projected until none conflicts',
    paper: 'Quinton & Rey, 2024',
    package: '@polytask/balancing',
  },
);
