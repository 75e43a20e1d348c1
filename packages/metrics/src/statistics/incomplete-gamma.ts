import { logGamma } from './log-gamma.ts';

const MAX_STEPS = 100_000;
const PRECISION = 1e-16;

export interface IncompleteGamma {
  /** P(a, x), precise where it is small. */
  readonly lower: number;
  /** Q(a, x) = 1 − P(a, x), precise where it is small. */
  readonly upper: number;
}

/** P(a, x) / front = Σ_n x^n / (a (a + 1) … (a + n)); all terms are positive. */
const series = (a: number, x: number): number => {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n <= MAX_STEPS && term > sum * PRECISION; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
};

/** Q(a, x) / front by Lentz's method; the denominators stay away from 0 for x > a + 1. */
const fraction = (a: number, x: number): number => {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n <= MAX_STEPS; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    value *= c * d;
    if (Math.abs(c * d - 1) <= 2 * PRECISION) break;
  }
  return value;
};

/**
 * Regularized incomplete gamma functions P(a, x) and Q(a, x), for a > 0 and x >= 0 (Press et al., "Numerical recipes",
 * 3rd ed., section 6.2): the distribution functions of χ² and of the normal distribution. Relative error about 1e-13 for
 * a up to some hundreds; it grows with log Γ(a).
 */
export const incompleteGamma = (a: number, x: number): IncompleteGamma => {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    const lower = front * series(a, x);
    return { lower, upper: 1 - lower };
  }
  const upper = front * fraction(a, x);
  return { lower: 1 - upper, upper };
};
