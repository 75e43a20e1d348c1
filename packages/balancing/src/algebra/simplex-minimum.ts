import { diagonal, dot, ridged, solve, times, type Matrix } from './solve.ts';

/** Of the largest number: what counts as no further descent. */
const ENOUGH = 1e-12;

/**
 * The w of the simplex (w ≥ 0, Σ w = 1) that makes ½ wᵀQw + bᵀw least, for a positive semidefinite Q, by an active set:
 * take in the corner that descends most, go to the minimum over the corners that are in, drop those that would turn
 * negative. With b = 0 this is Wolfe's (1976) nearest point of a polytope.
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

/** To the minimum over the active corners; those that leave are taken out of `active`. */
function descend(q: Matrix, b: readonly number[], active: number[], from: readonly number[]): number[] {
  let w = [...from];
  while (active.length > 0) {
    const goal = affineMinimum(q, b, active);
    if (goal === undefined) break;
    // how far one can go before a weight is negative
    let share = 1;
    active.forEach((i, k) => {
      if (goal[k]! < 0) share = Math.min(share, w[i]! / (w[i]! - goal[k]!));
    });
    const step = new Array<number>(w.length).fill(0);
    active.forEach((i, k) => (step[i] = w[i]! + share * (goal[k]! - w[i]!)));
    w = step;
    if (share === 1) break;
    const kept = active.filter((i, k) => goal[k]! >= 0 || w[i]! > 1e-15);
    active.forEach((i) => {
      if (!kept.includes(i)) w[i] = 0;
    });
    if (kept.length === active.length) break;
    active.splice(0, active.length, ...kept);
  }
  const sum = w.reduce((all, each) => all + each, 0);
  return w.map((each) => each / sum);
}

/** The minimum over Σ w = 1, whatever the signs, of the active corners: Q w + b = μ. */
function affineMinimum(q: Matrix, b: readonly number[], active: readonly number[]): number[] | undefined {
  const size = Math.max(...active.map((i) => q[i]![i]!)); // keeps the row of ones as large as the others
  const rows = active.map((i) => [...active.map((j) => q[i]![j]!), size]);
  const last = [...active.map(() => size), 0];
  return solve([...rows, last], [...active.map((i) => -b[i]!), size])?.slice(0, active.length);
}
