import { sum } from '@polytask/components';
import { coneMinimum } from '../algebra/active-set.ts';
import { cosines, diagonal, ridged, times, type Matrix } from '../algebra/solve.ts';
import { defineGramian, overPresent } from '../define.ts';

/** Keeps the problem solvable for gradients that depend on each other, relative to gradients of length 1. */
const RIDGE = 1e-9;

/** u → the v ≥ u with the shortest Σ v_i g_i, which is in the dual cone {x : g_i · x ≥ 0} (Quinton & Rey 2024, proposition 1). */
function dualCone(gramian: Matrix): (u: readonly number[]) => number[] {
  const norms = diagonal(gramian).map(Math.sqrt);
  const units = ridged(cosines(gramian), RIDGE);
  return (u) => {
    const ofUnits = u.map((weight, i) => weight * norms[i]!);
    const added = coneMinimum(units, times(units, ofUnits));
    return u.map((weight, i) => weight + added[i]! / norms[i]!);
  };
}

/**
 * UPGrad (Quinton & Rey 2024, Jacobian Descent): each gradient is projected onto the dual cone {x : g_i · x ≥ 0}, and the result
 * is the mean of the projections, (1/T) Σ_i π(g_i). No loss rises to first order. A task with a gradient k times as long has k times
 * the influence.
 *
 * Use it when tasks conflict and none may get worse for the sake of the others. With two tasks, it is half of PCGrad.
 *
 * @throws PolytaskError when an option is unknown, or `of` is neither `parameters` nor `representation`
 * @example
 * createBalancer(upGrad(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, -1], [-1, 4]] }); // [1, 0.625]
 */
export const upGrad = defineGramian(
  'upgrad',
  overPresent((gramian) => {
    const project = dualCone(gramian);
    const projections = gramian.map((_, i) => project(gramian.map((__, j) => Number(i === j))));
    return gramian.map((_, j) => sum(projections, (weights) => weights[j]!) / gramian.length);
  }),
  {
    description: 'the mean of gradients projected until none conflicts',
    paper: 'Quinton & Rey, 2024',
  },
);

/**
 * DualProj (Lopez-Paz & Ranzato, NeurIPS 2017, eq. 11; named by Quinton & Rey 2024): the mean gradient, projected onto the dual cone
 * {x : g_i · x ≥ 0}. It is the nearest vector to the mean that raises no loss to first order. Without conflicts it is the mean.
 *
 * Use it when the mean gradient is right for most steps. If one task has much longer gradients, prefer `upGrad`: here that task
 * can take all of the step.
 *
 * @throws PolytaskError when an option is unknown, or `of` is neither `parameters` nor `representation`
 * @example
 * createBalancer(dualProj(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, -2], [-2, 8]] }); // [1, 0.5]
 */
export const dualProj = defineGramian(
  'dualproj',
  overPresent((gramian) => dualCone(gramian)(gramian.map(() => 1 / gramian.length))),
  {
    description: 'the mean gradient, projected until it conflicts with none',
    paper: 'Lopez-Paz & Ranzato, NeurIPS 2017',
  },
);
