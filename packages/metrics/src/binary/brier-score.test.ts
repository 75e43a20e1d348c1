import { expect, test } from 'vitest';
import { brierScore } from './losses.ts';

test('by hand, and with weights', () => {
  expect(brierScore([1, 0, 1], [0.9, 0.2, 0.6])).toBeCloseTo((0.01 + 0.04 + 0.16) / 3, 15);
  expect(brierScore([1, 0], [0.5, 1], [3, 1])).toBe((3 * 0.25 + 1) / 4);
});

test('the ends: all right, all wrong, nothing known, one class, no rows', () => {
  expect(brierScore([1, 0], [1, 0])).toBe(0);
  expect(brierScore([1, 0], [0, 1])).toBe(1);
  expect(brierScore([1, 0, 0], [0.5, 0.5, 0.5])).toBe(0.25);
  expect(brierScore([1], [0.75])).toBe(0.0625);
  expect(brierScore([], [])).toBeNaN();
});

test('refuses logits', () => {
  expect(() => brierScore([1], [1.5])).toThrow('brier: got probabilities[0] = 1.5; expected a probability in [0, 1]');
});
