import { expect, test } from 'vitest';
import { expectClose } from '../testing/expect-close.ts';
import { incompleteGamma } from './incomplete-gamma.ts';

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
