import { expect, it } from 'vitest';
import { randomGradients } from '../testing/random.ts';
import { length, directionOf, weightsOf } from '../testing/values.ts';
import { imtlG } from './imtl-g.ts';

it('has equal projections on all gradients, and none is negative', () => {
  for (const tasks of [2, 3, 6]) {
    for (const jacobian of randomGradients(40, [tasks, 2 * tasks])) {
      const direction = directionOf(imtlG(), jacobian);
      const projections = jacobian.map(
        (row) => row.reduce((sum, value, p) => sum + value * direction[p]!, 0) / length(row),
      );
      expect(projections[0]).toBeGreaterThan(0);
      for (const projection of projections) expect(projection / projections[0]!).toBeCloseTo(1, 6);
    }
  }
});

it('has weights that add up to 1', () => {
  weightsOf(imtlG(), [
    [1, 0],
    [0, 9],
  ]).forEach((weight, i) => expect(weight).toBeCloseTo([0.9, 0.1][i]!, 12));
});

it('takes gradients that depend on each other', () => {
  const direction = directionOf(imtlG(), [
    [1, 2],
    [1, 2],
  ]);
  expect(direction[0]).toBeCloseTo(1, 6);
  expect(direction[1]).toBeCloseTo(2, 6);
});
