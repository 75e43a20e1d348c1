import { expect, it } from 'vitest';
import { mean, sum } from './collections.ts';

it('adds up numbers, and numbers of items, of arrays of any type', () => {
  expect(sum([1, 2, 3.5])).toBe(6.5);
  expect(sum(Float32Array.of(1, 2))).toBe(3);
  expect(sum(['a', 'bcd'], ({ length }, i) => length * (i + 1))).toBe(7);
  expect(sum([])).toBe(0);
  expect(sum([1e16, 1, -1e16])).toBe(0); // from the first to the last
});

it('gives the mean, of which none have none', () => {
  expect(mean(Float64Array.of(1, 4))).toBe(2.5);
  expect(mean([])).toBeNaN();
});
