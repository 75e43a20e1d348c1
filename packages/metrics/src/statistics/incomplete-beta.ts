import { logGamma } from './log-gamma.ts';

const TINY = 1e-300;
const MAX_STEPS = 100_000;

const awayFromZero = (x: number): number => (Math.abs(x) < TINY ? TINY : x);

/** The continued fraction of I_x(a, b), by Lentz's method; converges fast for x < (a + 1) / (a + b + 2). */
const fraction = (x: number, a: number, b: number): number => {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= MAX_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return value;
};

/**
 * Regularized incomplete beta function I_x(a, b), for 0 <= x <= 1 and a, b > 0 (Press et al., "Numerical recipes",
 * 3rd ed., section 6.4). `complement` is 1 − x, for callers who know it better than a subtraction would tell.
 */
export const incompleteBeta = (x: number, a: number, b: number, complement = 1 - x): number => {
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(complement));
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(complement, b, a)) / b;
};
