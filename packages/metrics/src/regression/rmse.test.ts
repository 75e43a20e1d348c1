import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mae, rmse } from './errors.ts';

test('by hand', () => {
  expect(rmse([3, -1, 2], [2, -1, 4])).toBeCloseTo(Math.sqrt(5 / 3), 15);
  expect(rmse([0, 0], [3, 4], [16, 9])).toBeCloseTo(Math.sqrt((16 * 9 + 9 * 16) / 25), 14);
  expect(rmse([1, 2], [1, 2])).toBe(0);
});

test('is never below the mean absolute error', () => {
  const row = fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 }));
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), (rows) => {
      const [labels, predictions] = [rows.map(([y]) => y), rows.map(([, p]) => p)];
      expect(rmse(labels, predictions)).toBeGreaterThanOrEqual(mae(labels, predictions) - 1e-9);
    }),
  );
});

test('refuses a diverged model', () => {
  expect(() => rmse([1], [Infinity])).toThrow(
    'rmse: got predictions[0] = Infinity; expected a finite number. Look for a diverged model',
  );
});
