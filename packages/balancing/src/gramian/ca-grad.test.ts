import { describe, expect, it } from 'vitest';
import { seeded, randomGradients } from '../testing/random.ts';
import { length, directionOf } from '../testing/values.ts';
import { caGrad } from './ca-grad.ts';

const product = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, p) => sum + value * b[p]!, 0);
const meanOf = (jacobian: readonly (readonly number[])[]) =>
  jacobian[0]!.map((_, p) => jacobian.reduce((sum, row) => sum + row[p]!, 0) / jacobian.length);

describe.each([0.2, 0.5, 0.9])('with c = %f', (c) => {
  it('serves the worst task better than any other vector within c ‖g₀‖ of the mean', () => {
    const random = seeded(3);
    for (const jacobian of randomGradients(20, [4, 6])) {
      const mean = meanOf(jacobian);
      const direction = directionOf(caGrad({ c }), jacobian).map((value) => value * (1 + c));
      const worst = (vector: readonly number[]) => Math.min(...jacobian.map((gradient) => product(gradient, vector)));
      expect(length(direction.map((value, p) => value - mean[p]!))).toBeLessThanOrEqual(c * length(mean) * (1 + 1e-6));
      for (let i = 0; i < 200; i++) {
        const away = Array.from(random.normal(6));
        const other = mean.map((value, p) => value + (away[p]! * c * length(mean)) / length(away));
        expect(worst(other)).toBeLessThanOrEqual(worst(direction) + 1e-5);
      }
    }
  });
});

it('is the mean with c = 0, and the gradient where all are equal', () => {
  expect(
    directionOf(caGrad({ c: 0 }), [
      [1, 0],
      [0, 4],
    ]),
  ).toEqual([0.5, 2]);
  const same = directionOf(caGrad(), [
    [1, 2],
    [1, 2],
    [1, 2],
  ]);
  expect(same[0]).toBeCloseTo(1, 6);
  expect(same[1]).toBeCloseTo(2, 6);
});

it('takes gradients that cancel', () => {
  for (const value of directionOf(caGrad(), [
    [1, 1],
    [-1, -1],
  ]))
    expect(value).toBeCloseTo(0, 9);
});

it('refuses a negative c', () => {
  expect(() => caGrad({ c: -1 })).toThrow('Expected a number of 0 or more for cagrad.c, received -1.');
});
