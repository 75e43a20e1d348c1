import { expect, it } from 'vitest';
import { compose, inverse, isAscending, isIdentity, lastTwoSwapped, permuted } from './permutation.ts';

/** All orders of the axes of a tensor of this rank. */
function orders(rank: number): number[][] {
  if (rank === 0) return [[]];
  return orders(rank - 1).flatMap((rest) =>
    Array.from({ length: rank }, (_, i) => [...rest.slice(0, i), rank - 1, ...rest.slice(i)]),
  );
}

it('takes sides in another order', () => {
  expect(permuted(['batch', 'units', 'experts'], [2, 0, 1])).toEqual(['experts', 'batch', 'units']);
});

it.each(orders(4).map((perm) => [perm]))('%j and its inverse are the identity, in both orders', (perm) => {
  expect(isIdentity(compose(perm, inverse(perm)))).toBe(true);
  expect(isIdentity(compose(inverse(perm), perm))).toBe(true);
});

it('composes to what two steps give', () => {
  for (const first of orders(4)) {
    for (const second of orders(4)) {
      expect(permuted('abcd'.split(''), compose(first, second))).toEqual(
        permuted(permuted('abcd'.split(''), first), second),
      );
    }
  }
});

it('swaps the last two axes', () => {
  expect([2, 3, 4].map(lastTwoSwapped)).toEqual([
    [1, 0],
    [0, 2, 1],
    [0, 1, 3, 2],
  ]);
});

it('knows rising orders', () => {
  expect([[], [3], [0, 2, 5], [0, 2, 1], [1, 1]].map(isAscending)).toEqual([true, true, true, false, false]);
});
