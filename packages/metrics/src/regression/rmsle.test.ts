import { expect, test } from 'vitest';
import { rmse, rmsle } from './errors.ts';

test('by hand: doubling 1 + y is one log 2, whatever the size, on either side of 0', () => {
  expect(rmsle([0, 3, 999_999], [1, 7, 1_999_999])).toBeCloseTo(Math.log(2), 12);
  expect(rmsle([-3], [-7])).toBeCloseTo(Math.log(2), 14);
  expect(rmsle([-1], [1])).toBeCloseTo(2 * Math.log(2), 14);
  expect(rmsle([0, 0], [1, 3], [3, 1])).toBeCloseTo(Math.log(2) * Math.sqrt((3 + 4) / 4), 14);
});

test('is that of scikit-learn', () => {
  // root_mean_squared_log_error([3, 5, 2.5, 7], [2.5, 5, 4, 8])
  expect(rmsle([3, 5, 2.5, 7], [2.5, 5, 4, 8])).toBeCloseTo(Math.sqrt(0.03973012298459379), 12);
});

test('a large label does not decide it', () => {
  const labels = [0, 1, 2, 1e6];
  const [good, poor] = [
    [0, 1, 2, 5e5],
    [9, 9, 9, 1e6],
  ];
  expect(rmse(labels, good)).toBeGreaterThan(rmse(labels, poor));
  expect(rmsle(labels, good)).toBeLessThan(rmsle(labels, poor));
});
