import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectClose } from '../testing/scipy-values.ts';
import { logGamma } from '@polytask/components';
import { incompleteBeta, incompleteGamma } from './distributions.ts';

test.each([
  [0.1, 2.252712651734206],
  [0.5, 0.5723649429247001],
  [1, 0],
  [1.5, -0.12078223763524522],
  [3.7, 1.4280723266653879],
  [10, 12.80182748008147],
  [171.5, 709.1431630309282],
  [1e5, 1051287.7089736569],
])('log Γ(%d) (mpmath)', (x, expected) => {
  expect(Math.abs(logGamma(x) - expected)).toBeLessThan(2e-14 * Math.max(1, Math.abs(expected)));
});

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

test('whole a: Q(a, x) is the chance of fewer than a events of Poisson(x)', () => {
  for (const a of [1, 2, 5, 12]) {
    for (const x of [0.01, 0.7, 1.5, 4, 11, 13.5, 60]) {
      let [term, below] = [Math.exp(-x), 0];
      for (let n = 0; n < a; n++) {
        below += term;
        term *= x / (n + 1);
      }
      let above = 0;
      for (let n = a; n < a + 400; n++) {
        above += term;
        term *= x / (n + 1);
      }
      const { lower, upper } = incompleteGamma(a, x);
      expectClose(lower, above, 1e-12);
      expectClose(upper, below, 1e-12);
    }
  }
});

test('both sides add up to 1 across the change of method at x = a + 1, and the ends are exact', () => {
  for (const x of [1.4999, 1.5, 1.5001]) {
    const { lower, upper } = incompleteGamma(0.5, x);
    expect(lower + upper).toBeCloseTo(1, 15);
    expect(lower).toBeCloseTo(0.9167354833, 4);
  }
  expect(incompleteGamma(2, 0)).toEqual({ lower: 0, upper: 1 });
  expect(incompleteGamma(2, Infinity)).toEqual({ lower: 1, upper: 0 });
});
