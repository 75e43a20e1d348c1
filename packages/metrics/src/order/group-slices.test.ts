import { expect, test } from 'vitest';
import { argsort } from './argsort.ts';
import { byGroup, forEachGroup } from './group-slices.ts';

test('cuts rows into groups, each in the given order, and passes over empty groups', () => {
  const group = Uint32Array.of(3, 0, 3, 0, 1);
  const order = byGroup(group, argsort(Float64Array.of(0.9, 0.8, 0.1, 0.2, 0.5)));
  const slices: number[][] = [];
  forEachGroup(group, 4, (start, end) => slices.push([...order.subarray(start, end)]));
  expect(slices).toEqual([[3, 1], [4], [2, 0]]);
});
