import { expect, it } from 'vitest';
import { directionOf } from './testing/values.ts';
import { plainSum } from './given-weights.ts';

it('is the sum, conflicts and all', () => {
  expect(
    directionOf(plainSum({ of: 'representation' }), [
      [1, 2],
      [-3, 1],
    ]),
  ).toEqual([-2, 3]);
  expect(() => plainSum({ of: 'trunk' as never })).toThrow(
    'Expected one of "parameters", "representation" for plain-sum.of, received "trunk".',
  );
});
