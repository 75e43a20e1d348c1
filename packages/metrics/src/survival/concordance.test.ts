import { expect, it } from 'vitest';
import { concordance } from './survival.ts';

it('compares a row with an event with all that are known to live longer', () => {
  expect(concordance([1, 2, 3], [0.1, 0.2, 0.3])).toBe(1);
  expect(concordance([1, 2, 3], [0.3, 0.2, 0.1])).toBe(0);
  expect(concordance([1, 2, 3], [0.5, 0.5, 0.5])).toBe(0.5);
  expect(concordance([-1, 2, 3], [0.9, 0.2, 0.3])).toBe(1); // nobody knows how long the first one lives
  expect(concordance([5, 5, -5], [0.1, 0.9, 0.5])).toBe(0.5); // who is censored at that time lives longer; two events are no pair
  expect(concordance([-1, -2], [0.1, 0.2])).toBeNaN();
});

it('the survival of a row is the mean of its columns', () => {
  expect(concordance([1, 2], [0.9, 0.1, 0.6, 0.5])).toBe(1);
  expect(concordance([1, 2], [0.9, 0.3, 0.6, 0.5])).toBe(0);
});
