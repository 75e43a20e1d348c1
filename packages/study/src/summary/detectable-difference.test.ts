import { expect, test } from 'vitest';
import { detectableDifference, seedsToDetect } from './detectable-difference.ts';

test('the difference that a paired t test can show, by hand', () => {
  // t(.975, 4) = 2.776445, t(.8, 4) = 0.940965
  expect(detectableDifference(0.01, 5)).toBeCloseTo(((2.776445 + 0.940965) * 0.01) / Math.sqrt(5), 7);
  // t(.975, 1) = 12.706205, t(.8, 1) = 1.376382
  expect(detectableDifference(2, 2)).toBeCloseTo(((12.706205 + 1.376382) * 2) / Math.SQRT2, 4);
  expect(detectableDifference(0.01, 1)).toBeNaN();
});

test('with so many seeds a difference is shown, and with one less it is not', () => {
  const seeds = seedsToDetect(0.005, 0.01);
  expect(detectableDifference(0.01, seeds)).toBeLessThanOrEqual(0.005);
  expect(detectableDifference(0.01, seeds - 1)).toBeGreaterThan(0.005);
  expect([seedsToDetect(1e-6, 0.01), seedsToDetect(-1, 0)]).toEqual([Infinity, 2]);
});
