import { expect, test } from 'vitest';
import { usualRange } from './picture.ts';

test('a value far outside the others is left out; quartiles by hand', () => {
  // sorted -10 1 2 3 4: quartiles 1 and 3, fences -5 and 9
  expect(usualRange([1, 2, 3, 4, -10])).toEqual({ low: 1, high: 4 });
  expect(usualRange([1, 2, 3, 4, -5])).toEqual({ low: -5, high: 4 });
});

test('few values, or none, are all there is', () => {
  expect(usualRange([1, 2, 100])).toEqual({ low: 1, high: 100 });
  expect(usualRange([3, NaN])).toEqual({ low: 3, high: 3 });
  expect(usualRange([])).toEqual({ low: NaN, high: NaN });
});
