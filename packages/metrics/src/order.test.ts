import fc from 'fast-check';
import { expect, test } from 'vitest';
import { argsort, forEachGroup, midRanks, sortByKey, tieCorrection } from './order.ts';

const stable = (values: ArrayLike<number>): number[] =>
  Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);

test.each([
  ['float64', fc.float64Array({ noNaN: true, noDefaultInfinity: true, maxLength: 200 })],
  ['float32', fc.float32Array({ noNaN: true, noDefaultInfinity: true, maxLength: 200 })],
  ['few distinct values', fc.array(fc.constantFrom(-0, 0, 0.1, -0.1, 1, 2), { maxLength: 200 })],
])('orders %s as a stable comparison sort does', (_, arbitrary) => {
  fc.assert(
    fc.property(arbitrary, (given) => {
      const values = Float64Array.from(given);
      expect([...argsort(values)]).toEqual(stable(values));
    }),
  );
});

test('orders the extremes, and takes -0 and 0 as a tie', () => {
  const values = Float64Array.of(
    0,
    -0,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    Number.MIN_VALUE,
    -Number.MIN_VALUE,
    1,
    1 + 2 ** -52,
  );
  expect([...argsort(values)]).toEqual([3, 5, 0, 1, 4, 6, 7, 2]);
  expect([...argsort(Float64Array.of(0, -0, 0))]).toEqual([0, 1, 2]);
  expect([...argsort(new Float64Array(0))]).toEqual([]);
});

test('sorts 100 000 rows of which the digits need all passes', { tags: ['long'] }, () => {
  const values = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i * i) * 10 ** ((i % 40) - 20));
  const sorted = Float64Array.from(argsort(values), (i) => values[i]!);
  expect(sorted).toEqual(values.toSorted());
});

test('sortByKey keeps the given order among equal keys and leaves its arguments alone', () => {
  const key = Uint32Array.of(2, 1, 2, 1, 2 ** 32 - 1);
  const order = Uint32Array.of(4, 3, 2, 1, 0);
  expect([...sortByKey(key, order)]).toEqual([3, 1, 2, 0, 4]);
  expect([...order]).toEqual([4, 3, 2, 1, 0]);
  expect([...key]).toEqual([2, 1, 2, 1, 2 ** 32 - 1]);
});

test('cuts rows into groups, each in the given order, and passes over empty groups', () => {
  const group = Uint32Array.of(3, 0, 3, 0, 1);
  const order = sortByKey(group, argsort(Float64Array.of(0.9, 0.8, 0.1, 0.2, 0.5)));
  const slices: number[][] = [];
  forEachGroup(group, 4, (start, end) => slices.push([...order.subarray(start, end)]));
  expect(slices).toEqual([[3, 1], [4], [2, 0]]);
});

test('equal values share the mean of their places', () => {
  expect([...midRanks(Float64Array.of(5, 2, 5, -1, 5))]).toEqual([4, 2, 4, 1, 4]);
  expect([...midRanks(Float64Array.of(0, -0))]).toEqual([1.5, 1.5]);
  expect([...midRanks(new Float64Array(0))]).toEqual([]);
  expect(tieCorrection(Float64Array.of(5, 2, 5, -1, 5, 2))).toBe(24 + 6);
});

test('a rank is 1 + how many are smaller + half of the other equals', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 40 }), (values) => {
      const counted = values.map((value) => {
        const smaller = values.filter((other) => other < value).length;
        return 1 + smaller + (values.filter((other) => other === value).length - 1) / 2;
      });
      expect([...midRanks(Float64Array.from(values))]).toEqual(counted);
    }),
  );
});
