import fc from 'fast-check';
import { expect, test } from 'vitest';
import { argsort, sortByKey } from './argsort.ts';

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

test('sorts 100 000 rows of which the digits need all passes', () => {
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
