import { expect, it } from 'vitest';
import { broadcastShape, sameShape, withRank } from './shapes.ts';

it('broadcastShape follows NumPy', () => {
  expect(broadcastShape([2, 1, 3], [4, 1])).toEqual([2, 4, 3]);
  expect(broadcastShape([], [0])).toEqual([0]);
  expect(broadcastShape([1], [0])).toEqual([0]);
  expect(() => broadcastShape([2], [3])).toThrow("Shapes [2] and [3] don't broadcast.");
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
