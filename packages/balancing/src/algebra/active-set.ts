import { sum } from '@polytask/components';
import { diagonal, dot, ridged, solve, times, type Matrix } from './solve.ts';

/** The tolerance for the end of the descent, relative to the largest number. */
const ENOUGH = 1e-12;

/** The minimum over the active weights, which may have any sign. Undefined if it isn't unique. */
type ActiveMinimum = (q: Matrix, b: readonly number[], active: readonly number[]) => number[] | undefined;

/** The w ≥ 0 with Σ w = 1 that minimizes ½ wᵀQw + bᵀw. With b = 0 it is Wolfe's (1976) nearest point of a polytope. */
export function simplexMinimum(q: Matrix, b: readonly number[]): number[] {
  const values = diagonal(q).map((square, i) => square / 2 + b[i]!);
  const first = values.indexOf(Math.min(...values));
  const corner = b.map((_, i) => Number(i === first));
  return minimum(q, b, { from: corner, active: [first], activeMinimum: affineMinimum, normalize: shares });
}

/** The w ≥ 0 that minimizes ½ wᵀQw + bᵀw: nonnegative least squares (Lawson & Hanson 1974). */
export function coneMinimum(q: Matrix, b: readonly number[]): number[] {
  const origin = b.map(() => 0);
  return minimum(q, b, { from: origin, active: [], activeMinimum: freeMinimum, normalize: (w) => w });
}

/** Each round activates the weight of steepest descent, moves to the minimum over the active ones, and removes those below 0. */
function minimum(
  q: Matrix,
  b: readonly number[],
  set: {
    from: number[];
    active: number[];
    activeMinimum: ActiveMinimum;
    normalize: (w: number[]) => number[];
  },
): number[] {
  const { active, activeMinimum, normalize } = set;
  const scale = Math.max(...diagonal(q), ...b.map(Math.abs), Number.MIN_VALUE);
  const firm = ridged(q, 1e-14 * scale);
  const valueOf = (w: readonly number[]) => dot(w, times(q, w)) / 2 + dot(b, w);
  let w = set.from;
  for (let round = 0; round < 20 * b.length; round++) {
    const slope = times(q, w).map((value, i) => value + b[i]!);
    const level = dot(slope, w);
    const next = slope.indexOf(Math.min(...slope));
    if (slope[next]! >= level - ENOUGH * scale || active.includes(next)) break;
    active.push(next);
    const better = normalize(descend(firm, b, active, w, activeMinimum));
    if (!(valueOf(better) < valueOf(w))) break; // rounding: gradients that depend on each other can take turns
    w = better;
  }
  return w;
}

/** Moves to the minimum over the active weights. Those that become 0 are removed from `active`. */
function descend(
  q: Matrix,
  b: readonly number[],
  active: number[],
  from: readonly number[],
  activeMinimum: ActiveMinimum,
): number[] {
  let w = [...from];
  while (active.length > 0) {
    const goal = activeMinimum(q, b, active);
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
    const kept = active.filter((i, k) => goal[k]! >= 0 || w[i]! > 1e-15);
    active.forEach((i) => {
      if (!kept.includes(i)) w[i] = 0;
    });
    if (kept.length === active.length) break;
    active.splice(0, active.length, ...kept);
  }
  return w;
}

const shares = (w: readonly number[]): number[] => {
  const whole = sum(w);
  return w.map((each) => each / whole);
};

/** With Σ w = 1: Q w + b = μ. */
const affineMinimum: ActiveMinimum = (q, b, active) => {
  const size = Math.max(...active.map((i) => q[i]![i]!)); // scales the row of ones like the other rows
  const rows = active.map((i) => [...active.map((j) => q[i]![j]!), size]);
  const last = [...active.map(() => size), 0];
  return solve([...rows, last], [...active.map((i) => -b[i]!), size])?.slice(0, active.length);
};

/** Without a constraint: Q w + b = 0. */
const freeMinimum: ActiveMinimum = (q, b, active) =>
  solve(
    active.map((i) => active.map((j) => q[i]![j]!)),
    active.map((i) => -b[i]!),
  );
