import { describe, expect, it } from 'vitest';
import { randomGradients, randomShares } from '../testing/random.ts';
import { products } from '../testing/values.ts';
import { clusterMeans } from '../losses/go4-align.ts';
import { eigen } from './eigen.ts';
import { coneMinimum, simplexMinimum } from './active-set.ts';
import { fairShares } from '../gramian/fair-shares.ts';
import { dot, solve, times } from './solve.ts';

describe('solve', () => {
  it('finds x of A x = b, pivoting where it must', () => {
    const a = [
      [0, 2, 1],
      [1, 1, 0],
      [3, 0, -1],
    ];
    times(a, solve(a, [4, 3, 2])!).forEach((value, i) => expect(value).toBeCloseTo([4, 3, 2][i]!, 12));
  });

  it('says when there is none', () => {
    expect(
      solve(
        [
          [1, 2],
          [2, 4],
        ],
        [1, 1],
      ),
    ).toBeUndefined();
  });
});

describe('eigen', () => {
  it('gives the matrix back, from the largest value to the least', () => {
    for (const jacobian of randomGradients(20, [6, 4])) {
      const matrix = products(jacobian); // of rank 4
      const { values, vectors } = eigen(matrix);
      expect([...values].sort((a, b) => b - a)).toEqual(values);
      matrix.forEach((row, i) =>
        row.forEach((value, j) => {
          const sum = values.reduce((all, lambda, k) => all + lambda * vectors[k]![i]! * vectors[k]![j]!, 0);
          expect(sum).toBeCloseTo(value, 10);
        }),
      );
      vectors.forEach((v, k) => vectors.forEach((u, l) => expect(dot(u, v)).toBeCloseTo(Number(k === l), 12)));
    }
  });
});

describe('simplexMinimum', () => {
  it('is least over the simplex, with a linear part and a matrix that is singular', () => {
    const shares = randomShares(500, 5);
    randomGradients(30, [5, 3], 7).forEach((jacobian, k) => {
      const q = products(jacobian);
      const b = jacobian.map((row) => row[0]! * (k % 2));
      const value = (w: readonly number[]) => dot(w, times(q, w)) / 2 + dot(b, w);
      const w = simplexMinimum(q, b);
      expect(Math.min(...w)).toBeGreaterThanOrEqual(0);
      expect(w.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
      const corners = w.map((_, i) => w.map((__, j) => Number(i === j)));
      for (const other of [...shares, ...corners]) expect(value(other)).toBeGreaterThanOrEqual(value(w) - 1e-9);
    });
  });
});

it('coneMinimum fulfills the conditions of a minimum over w ≥ 0, also for a matrix that is singular', () => {
  randomGradients(60, [5, 3], 8).forEach((jacobian, k) => {
    const q = products(jacobian); // of rank 3
    const target = Array.from(jacobian[0]!, (value, p) => value + ((k + p) % 3) - 1);
    const b = jacobian.map((row) => -dot(row, target)); // ½ ‖Σ w_i g_i − target‖²
    const w = coneMinimum(q, b);
    const slope = times(q, w).map((value, i) => value + b[i]!);
    expect(Math.min(...w)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...slope)).toBeGreaterThan(-1e-8);
    expect(dot(slope, w)).toBeCloseTo(0, 8);
  });
});

it.each([
  [0.5, 1e-2],
  [1, 1e-4],
  [4, 1e-4],
])(
  'fairShares with α = %f solves G w = w^(−1/α), also for a gradient that is shorter by the factor %f',
  (alpha, short) => {
    for (const [first, ...rows] of randomGradients(20, [4, 9], 11)) {
      const gramian = products([first!.map((value) => value * short), ...rows]);
      const size = gramian.reduce((sum, row, i) => sum + row[i]!, 0) / 4;
      const w = fairShares(gramian, alpha);
      times(gramian, w).forEach((value, i) => expect(value / size / w[i]! ** (-1 / alpha)).toBeCloseTo(1, 5));
    }
  },
);

it('clusterMeans finds the division with the least squares, as trying all divisions does', () => {
  const divisions = (count: number): number[][] =>
    count === 0 ? [[]] : divisions(count - 1).flatMap((rest) => [0, 1, 2].map((group) => [...rest, group]));
  for (const [values] of randomGradients(10, [1, 6], 12)) {
    const costOf = (centers: readonly number[]) => centers.reduce((sum, c, i) => sum + (c - values![i]!) ** 2, 0);
    const costs = divisions(6).map((groups) =>
      costOf(
        groups.map((group) => {
          const members = values!.filter((_, i) => groups[i] === group);
          return members.reduce((sum, value) => sum + value, 0) / members.length;
        }),
      ),
    );
    expect(costOf(clusterMeans(values!, 3))).toBeCloseTo(Math.min(...costs), 12);
  }
  expect(clusterMeans([3, 1, 3], 5)).toEqual([3, 1, 3]);
  expect(clusterMeans([], 2)).toEqual([]);
});
