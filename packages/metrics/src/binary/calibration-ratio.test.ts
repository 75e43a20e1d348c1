import { expect, test } from 'vitest';
import { calibrationRatio } from './calibration.ts';

test('expected over observed positives', () => {
  expect(calibrationRatio([1, 0, 0, 1], [0.5, 0.25, 0.25, 0.5])).toBe(0.75);
  expect(calibrationRatio([1, 0], [1, 1])).toBe(2);
  expect(calibrationRatio([1, 0, 1], [0.5, 0.5, 1], [2, 4, 1])).toBeCloseTo((1 + 2 + 1) / 3, 15);
});

test('is undefined without positives', () => {
  expect(calibrationRatio([0, 0], [0.1, 0.2])).toBeNaN();
  expect(calibrationRatio([1, 1], [0.5, 0.5])).toBe(0.5);
});
