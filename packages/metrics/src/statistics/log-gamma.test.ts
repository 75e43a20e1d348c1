import { expect, test } from 'vitest';
import { logGamma } from './log-gamma.ts';

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
