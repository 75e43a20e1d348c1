import { diagonal, dot, ridged, solve, times, type Matrix } from './solve.ts';

/** The tolerance for the end of the descent, relative to the largest number. */
const ENOUGH = 1e-12;

/**
 * Finds the w of the simplex (w ≥ 0, Σ w = 1) that minimizes ½ wᵀQw + bᵀw, for a positive semidefinite Q.
 *
 * The method uses an active set of corners. Each round adds the corner of steepest descent, moves to the minimum over the
 * active corners, and removes corners whose weight would be negative. With b = 0 this is Wolfe's (1976) nearest point of a
 * polytope.
 */
export function simplexMinimum(q: Matrix, b: readonly number[]): number[] {
  const n = b.length;
  const scale = Math.max(...diagonal(q), ...b.map(Math.abs), Number.MIN_VALUE);
  const firm = ridged(q, 1e-14 * scale);
  const values = diagonal(q).map((square, i) => square / 2 + b[i]!);
  const first = values.indexOf(Math.min(...values));
  const active = [first];
  let w: number[] = b.map((_, i) => Number(i === first));
  for (let round = 0; round < 20 * n; round++) {
    const slope = times(q, w).map((value, i) => value + b[i]!);
    const level = dot(slope, w);
    const next = slope.indexOf(Math.min(...slope));
    if (slope[next]! >= level - ENOUGH * scale || active.includes(next)) break;
    active.push(next);
    w = descend(firm, b, active, w);
  }
  return w;
}

/** Moves to the minimum over the active corners. Corners whose weight becomes 0 are removed from `active`. */
function descend(q: Matrix, b: readonly number[], active: number[], from: readonly number[]): number[] {
  let w = [...from];
  while (active.length > 0) {
    const goal = affineMinimum(q, b, active);
    if (goal === undefined) break;
    // the share of the step at which the first weight becomes 0
    let share = 1;
    active.forEach((i, k) => {
      if (goal[k]! < 0) share = Math.min(share, w[i]! / (w[i]! - goal[k]!));
    });
    const step = new Array<number>(w.length).fill(0);
    active.forEach((i, k) => (step[i] = w[i]! + share * (goal[k]! - w[i]!)));
    w = step;
    if (share === 1) break;
    const corners = active.filter((i, k) => goal[k]! >= 0 || w[i]! > 1e-15);
    active.forEach((i) => {
      if (!corners.includes(i)) w[i] = 0;
    });
    if (corners.length === active.length) break;
    active.splice(0, active.length, ...corners);
  }
  const sum = w.reduce((all, each) => all + each, 0);
  return w.map((each) => each / sum);
}

/** The minimum over the active corners with Σ w = 1 and weights of any sign: Q w + b = μ. */
function affineMinimum(q: Matrix, b: readonly number[], active: readonly number[]): number[] | undefined {
  const size = Math.max(...active.map((i) => q[i]![i]!)); // scales the row of ones like the other rows
  const rows = active.map((i) => [...active.map((j) => q[i]![j]!), size]);
  const last = [...active.map(() => size), 0];
  return solve([...rows, last], [...active.map((i) => -b[i]!), size])?.slice(0, active.length);
}
