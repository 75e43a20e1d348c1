import { expect, it } from 'vitest';
import { randomGradients } from '../testing/random.ts';
import { directionOf } from '../testing/values.ts';
import { pcGrad } from './pc-grad.ts';

const product = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, p) => sum + value * b[p]!, 0);

it('of two tasks leaves no gradient against the result', () => {
  let conflicts = 0;
  for (const jacobian of randomGradients(200, [2, 4])) {
    if (product(jacobian[0]!, jacobian[1]!) < 0) conflicts++;
    const direction = directionOf(pcGrad(), jacobian);
    for (const gradient of jacobian) expect(product(gradient, direction)).toBeGreaterThanOrEqual(-1e-9);
  }
  expect(conflicts).toBeGreaterThan(50);
});

it('is the sum where nothing is in conflict', () => {
  expect(
    directionOf(pcGrad(), [
      [1, 0, 2],
      [0, 3, 1],
      [1, 1, 0],
    ]),
  ).toEqual([2, 4, 3]);
});

it('projects by hand: (1, 0) and (−1, 1) become (½, ½) and (0, 1)', () => {
  const direction = directionOf(pcGrad(), [
    [1, 0],
    [-1, 1],
  ]);
  expect(direction[0]).toBeCloseTo(0.5, 12);
  expect(direction[1]).toBeCloseTo(1.5, 12);
});
