import { mean, sum } from '@polytask/components';
import { cosines, diagonal, dot, ridged, solve, times, type Matrix } from './solve.ts';

const ROUNDS = 200;

/** Keeps the problem solvable when gradients cancel. At a Pareto point no direction is good for all tasks. */
const RIDGE = 1e-9;

/**
 * The w with G w = w^(−1/α), G in units of its mean diagonal. For gradients of length 1, y_i = n_i w_i minimizes a convex
 * function, ½ yᵀCy − Σ c_i ∫ y_i^(−1/α) with the cosines C and c_i = n_i^(1/α − 1). Halved Newton steps stay positive and
 * converge to it.
 */
export function fairShares(gramian: Matrix, alpha: number): number[] {
  const power = 1 / alpha;
  const squares = diagonal(gramian);
  const size = mean(squares);
  const norms = squares.map((square) => Math.sqrt(square / size));
  const factors = norms.map((norm) => norm ** (power - 1));
  const units = ridged(cosines(gramian), RIDGE);
  const gain = (value: number) => (power === 1 ? Math.log(value) : value ** (1 - power) / (1 - power));
  const valueOf = (y: readonly number[]) =>
    Math.min(...y) > 0 ? dot(y, times(units, y)) / 2 - sum(y.map((value, i) => factors[i]! * gain(value))) : Infinity;
  let y = factors.map((factor) => factor ** (1 / (1 + power))); // the solution for orthogonal gradients
  for (let round = 0; round < ROUNDS; round++) {
    const slope = times(units, y).map((value, i) => value - factors[i]! * y[i]! ** -power);
    const curvature = y.map((value, i) => factors[i]! * power * value ** (-power - 1));
    const step = solve(
      units.map((row, i) => row.map((cosine, j) => (i === j ? cosine + curvature[i]! : cosine))),
      slope,
    );
    const descent = step && dot(step, slope);
    if (!descent || !(descent > 0)) break;
    const at = (share: number) => y.map((value, i) => value - share * step[i]!);
    const goal = valueOf(y);
    let share = 1;
    while (share > 1e-9 && !(valueOf(at(share)) <= goal - 0.1 * share * descent)) share /= 2;
    const isRounding = descent < 1e-10 * (1 + Math.abs(goal)); // the values are too near to each other to be compared
    const next = at(isRounding ? 1 : share);
    if (Math.min(...next) <= 0 || (share <= 1e-9 && !isRounding)) break;
    y = next;
    if (descent < 1e-26) break;
  }
  return y.map((value, i) => value / norms[i]!);
}
