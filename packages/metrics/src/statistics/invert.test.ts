import fc from 'fast-check';
import { expect, test } from 'vitest';
import { invert } from './invert.ts';

test('undoes x² over many sizes, to the last digits', () => {
  fc.assert(
    fc.property(fc.double({ min: -40, max: 40, noNaN: true }), (power) => {
      const x = 10 ** power;
      expect(Math.abs(invert((y) => y * y, x * x) / x - 1)).toBeLessThan(1e-15);
    }),
  );
});

test('0, and the foot of a step', () => {
  expect(invert((x) => x, 0)).toBeLessThan(1e-300);
  expect(invert((x) => Number(x >= 3), 1)).toBeCloseTo(3, 14);
});
