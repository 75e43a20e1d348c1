import fc from 'fast-check';
import { expect, test } from 'vitest';
import { incompleteBeta } from './incomplete-beta.ts';

test.each([
  [0.3, 2, 3, 0.3483],
  [0.5, 0.5, 0.5, 0.5],
  [0.9, 10, 2, 0.6973568802],
  [0.01, 0.5, 50, 0.6826956021258024],
  [0.999, 100, 0.5, 0.6550435163244297],
  [0.4, 1, 1, 0.4],
  [0.7, 300, 120, 0.2556302037908948],
  [0, 2, 3, 0],
  [1, 2, 3, 1],
])('I_%d(%d, %d) (mpmath)', (x, a, b, expected) => {
  expect(incompleteBeta(x, a, b)).toBeCloseTo(expected, 12);
});

test('I_x(a, b) = 1 − I_{1−x}(b, a), and it grows with x', () => {
  const shape = fc.double({ min: 0.1, max: 60, noNaN: true });
  const unit = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(unit, unit, shape, shape, (x, y, a, b) => {
      expect(incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a)).toBeCloseTo(1, 10);
      expect(incompleteBeta(Math.min(x, y), a, b)).toBeLessThanOrEqual(incompleteBeta(Math.max(x, y), a, b) + 1e-12);
    }),
  );
});
