import { expect, test } from 'vitest';
import { entropyOf } from '../binary/losses.ts';
import { addRows, emptySums, joinSums } from './gate-statistics.ts';

test('a constant far from 0 has no spread, however often and wherever it is joined', () => {
  const sums = emptySums(1, 1);
  addRows(sums, Float64Array.of(1e8 + 0.1, 1e8 + 0.1, 1e8 + 0.1), 1, 1);
  const others = emptySums(1, 1);
  addRows(others, Float64Array.of(1e8 + 0.1), 1, 1);
  joinSums(sums, others);
  expect([...sums.squares]).toEqual([0]);
  expect([...sums.mean]).toEqual([1e8 + 0.1]);
});

test('joining nothing changes nothing, and into nothing copies', () => {
  const sums = emptySums(1, 2);
  addRows(sums, Float64Array.of(0.25, 0.75, 1, 0), 1, 2);
  const copy = emptySums(1, 2);
  joinSums(copy, sums);
  expect(copy).toEqual(sums);
  joinSums(copy, emptySums(1, 2));
  expect(copy).toEqual(sums);
});

test('entropy of even shares is the log of their number', () => {
  expect(entropyOf([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(Math.log(4), 15);
  expect(entropyOf([0, 1])).toBe(0);
});
