import { coneMinimum } from './active-set.ts';
import { cosines, diagonal, ridged, times, type Matrix } from './solve.ts';

/** Keeps the problem solvable for gradients that depend on each other, relative to gradients of length 1. */
const RIDGE = 1e-9;

/**
 * Projects vectors Σ_i u_i g_i onto the dual cone {x : g_i · x ≥ 0}, the directions that conflict with no gradient. The projection has
 * the weights v ≥ u with the shortest Σ v_i g_i (Quinton & Rey 2024, proposition 1). The cone doesn't depend on the lengths of the
 * gradients, so the problem is solved for gradients of length 1.
 *
 * @param gramian the inner products of gradients that are not 0
 * @returns u → v
 */
export function dualCone(gramian: Matrix): (u: readonly number[]) => number[] {
  const norms = diagonal(gramian).map(Math.sqrt);
  const units = ridged(cosines(gramian), RIDGE);
  return (u) => {
    const ofUnits = u.map((weight, i) => weight * norms[i]!);
    const added = coneMinimum(units, times(units, ofUnits));
    return u.map((weight, i) => weight + added[i]! / norms[i]!);
  };
}
