import { expect, it } from 'vitest';
import {
  broadcastShape,
  compose,
  inverse,
  isAscending,
  isIdentity,
  lastTwoSwapped,
  permuted,
  sameShape,
  withRank,
} from './graph.ts';

it('broadcastShape follows NumPy', () => {
  expect(broadcastShape([2, 1, 3], [4, 1])).toEqual([2, 4, 3]);
  expect(broadcastShape([], [0])).toEqual([0]);
  expect(broadcastShape([1], [0])).toEqual([0]);
  expect(() => broadcastShape([2], [3])).toThrow('broadcast together with shapes 2 and 3');
});

it('compares shapes side by side', () => {
  expect(sameShape([2, 3], [2, 3])).toBe(true);
  expect(sameShape([], [])).toBe(true);
  expect(sameShape([2, 3], [3, 2])).toBe(false);
  expect(sameShape([2, 3], [2, 3, 1])).toBe(false);
});

it('puts sides of 1 in front', () => {
  expect(withRank(4, [2, 3])).toEqual([1, 1, 2, 3]);
  expect(withRank(2, [2, 3])).toEqual([2, 3]);
});

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
