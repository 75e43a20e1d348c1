import { expect, test } from 'vitest';
import { mae } from './errors.ts';

test('by hand', () => {
  expect(mae([3, -1, 2], [2, -1, 4])).toBe(1);
  expect(mae([0, 0], [3, -4], [1, 3])).toBe(3.75);
  expect(mae([0, 0, NaN], [3, -4, 0], { mask: [1, 1, 0] })).toBe(3.5);
});
