import { expect, test } from 'vitest';
import { mean, sum } from './mean-interval.ts';

test('sums and means, also of nothing', () => {
  expect([sum([1, 2, 4]), sum([]), mean([1, 2, 6]), mean([])]).toEqual([7, 0, 3, NaN]);
});
