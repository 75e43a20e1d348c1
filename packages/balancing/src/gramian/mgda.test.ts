import { describe, expect, it } from 'vitest';
import { randomGradients, randomShares } from '../testing/random.ts';
import { combined, length, directionOf, weightsOf } from '../testing/values.ts';
import { mgda } from './mgda.ts';

const product = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, p) => sum + value * b[p]!, 0);

describe.each([2, 3, 5, 9])('of %i tasks', (tasks) => {
  // gradients in a plane are linearly dependent
  const problems = [...randomGradients(40, [tasks, 12]), ...randomGradients(20, [tasks, 2], 2)];

  it('is the shortest vector of the hull', () => {
    const points = randomShares(300, tasks);
    for (const jacobian of problems) {
      const weights = weightsOf(mgda(), jacobian);
      expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
      const shortest = Math.min(...points.map((shares) => length(combined(shares, jacobian))), ...jacobian.map(length));
      expect(length(combined(weights, jacobian))).toBeLessThanOrEqual(shortest + 1e-6);
    }
  });

  it('raises no loss to first order: each gradient along it is as long as itself, or longer', () => {
    for (const jacobian of problems) {
      const direction = directionOf(mgda(), jacobian);
      const size = Math.max(...jacobian.map((row) => product(row, row)));
      for (const gradient of jacobian)
        expect(product(gradient, direction)).toBeGreaterThanOrEqual(product(direction, direction) - 1e-9 * size);
    }
  });
});

it('takes gradients that are equal, opposite, or 0', () => {
  expect(
    directionOf(mgda(), [
      [1, 2],
      [1, 2],
    ]),
  ).toEqual([1, 2]);
  for (const value of directionOf(mgda(), [
    [1, 2],
    [-2, -4],
    [3, 3],
  ]))
    expect(value).toBeCloseTo(0, 6);
  expect(
    weightsOf(mgda(), [
      [0, 0],
      [3, 1],
    ]),
  ).toEqual([0, 1]);
  expect(
    weightsOf(mgda(), [
      [0, 0],
      [0, 0],
    ]),
  ).toEqual([0, 0]);
});

it('of gradients at length 1 has the mean length of orthogonal ones, over √T', () => {
  const direction = directionOf(mgda({ normalize: 'norm' }), [
    [100, 0],
    [0, 1],
  ]);
  expect(direction[0]).toBeCloseTo(50.5 / 2, 8);
  expect(direction[1]).toBeCloseTo(50.5 / 2, 8);
});

it('refuses another normalization', () => {
  expect(() => mgda({ normalize: 'loss' as never })).toThrow(
    'Expected one of "none", "norm" for mgda.normalize, received "loss".',
  );
});
