import { expect, test } from 'vitest';
import { expectedCalibrationError } from './calibration.ts';

test('by hand: bins of a half', () => {
  // [0, ½): probabilities .25 and .125, one positive; [½, 1]: .5, .75 and 1, two positives.
  const value = expectedCalibrationError([1, 0, 0, 1, 1], [0.25, 0.125, 0.5, 0.75, 1], { bins: 2 });
  expect(value).toBeCloseTo((2 / 5) * Math.abs(0.1875 - 0.5) + (3 / 5) * Math.abs(0.75 - 2 / 3), 15);
});

test('bins hold their lower edge, the last one both', () => {
  expect(expectedCalibrationError([1, 0], [0.5, 0.25], { bins: 2 })).toBeCloseTo(0.5 * 0.5 + 0.5 * 0.25, 15);
  expect(expectedCalibrationError([1, 0], [1, 0.75], { bins: 2 })).toBeCloseTo(0.875 - 0.5, 15);
});

test('one bin sees only the mean, and many see everything', () => {
  const [labels, probabilities] = [
    [1, 0, 1, 0],
    [0.25, 0.75, 0.25, 0.75],
  ];
  expect(expectedCalibrationError(labels, probabilities, { bins: 1 })).toBe(0);
  expect(expectedCalibrationError(labels, probabilities)).toBe(0.75);
});

test('weights change the shares', () => {
  expect(expectedCalibrationError([1, 0], [0.75, 0.25], { bins: 2, weights: [3, 1] })).toBeCloseTo(0.25, 15);
  expect(expectedCalibrationError([1, 0], [0.75, 0.5], [3, 1])).toBeCloseTo((3 / 4) * 0.25 + (1 / 4) * 0.5, 15);
});

test('is defined with one class', () => {
  expect(expectedCalibrationError([1, 1], [1, 1])).toBe(0);
  expect(expectedCalibrationError([0, 0], [0.25, 0.25])).toBe(0.25);
});
