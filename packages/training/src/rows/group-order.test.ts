import { randomStream } from '@polytask/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupedOrder, numberedGroups } from './group-batches.ts';

const batchesOf = (order: Uint32Array, size: number): number[][] =>
  Array.from({ length: Math.ceil(order.length / size) }, (_, b) => [...order.subarray(b * size, (b + 1) * size)]);

/** The groups whose rows are in more than one batch. */
const cutGroups = (codes: readonly number[], batches: number[][]): number[] => {
  const places = new Map<number, Set<number>>();
  batches.forEach((rows, b) =>
    rows.forEach((row) => places.set(codes[row]!, (places.get(codes[row]!) ?? new Set()).add(b))),
  );
  return [...places].filter(([, where]) => where.size > 1).map(([group]) => group);
};

it('numbers groups by their first rows, and gives each row without a group one', () => {
  expect(numberedGroups(Int32Array.of(9, -1, 9, -1, 4))).toEqual({ of: Uint32Array.of(0, 1, 0, 2, 3), count: 4 });
});

it('keeps rows of a group together, in the order of first rows', () => {
  const groups = numberedGroups(Int32Array.of(5, 8, 8, 5, 3, 8));
  expect([...groupedOrder(groups, 3)]).toEqual([0, 3, 4, 1, 2, 5]); // the row of 3 fills the first batch
});

it('gives each row once, and cuts only what has to be cut', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 20 }), fc.option(fc.nat()), (counts, batchSize, seed) => {
      const codes = counts.flatMap((count, g) => Array.from({ length: count }, () => g));
      const codesMixed = codes.map((_, i) => codes[(i * 7919) % codes.length]!); // rows of a group needn't be neighbors
      const groups = numberedGroups(Int32Array.from(codesMixed));
      const order = groupedOrder(groups, batchSize, seed === null ? undefined : randomStream(seed, 'test'));
      expect([...order].sort((a, b) => a - b)).toEqual(codes.map((_, i) => i));
      const batches = batchesOf(order, batchSize);
      expect(cutGroups(codesMixed, batches).length).toBeLessThanOrEqual(
        new Set(codesMixed).size === 1 ? 1 : batches.length, // at most one for each batch that has to be filled
      );
    }),
  );
});

it('cuts no group when small groups can fill the batches', () => {
  const codes = [...Array(40).keys()].flatMap((g) => Array.from({ length: 1 + (g % 4) }, () => g));
  const order = groupedOrder(numberedGroups(Int32Array.from(codes)), 20, randomStream(3, 'test'));
  expect(cutGroups(codes, batchesOf(order, 20))).toEqual([]);
});

it('is another order for another seed, of groups and of the rows in a group, and the same again', () => {
  const groups = numberedGroups(Int32Array.from({ length: 60 }, (_, i) => i % 6));
  const order = (seed: number) => [...groupedOrder(groups, 10, randomStream(seed, 'test'))];
  expect(order(1)).toEqual(order(1));
  expect(order(1)).not.toEqual(order(2));
  const first = order(1).slice(0, 10);
  expect(first.every((row) => row % 6 === first[0]! % 6)).toBe(true);
  expect(first).not.toEqual(first.toSorted((a, b) => a - b));
});
