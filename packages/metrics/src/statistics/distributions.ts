import { fail, logGamma, shown } from '@polytask/components';
import { MetricError, requireBetween, show } from '../metric-error.ts';

const TINY = 1e-300;
const MAX_STEPS = 100_000;
const PRECISION = 1e-16;

const awayFromZero = (x: number): number => (Math.abs(x) < TINY ? TINY : x);

/** The continued fraction of I_x(a, b), by Lentz's method. It converges fast for x < (a + 1) / (a + b + 2). */
const betaFraction = (x: number, a: number, b: number): number => {
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
 * 3rd ed., section 6.4). Pass `complement` = 1 − x where it is known with more digits than the subtraction gives.
 */
export const incompleteBeta = (x: number, a: number, b: number, complement = 1 - x): number => {
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(complement));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(complement, b, a)) / b;
};

/** P(a, x) / front = Σ_n x^n / (a (a + 1) … (a + n)); all terms are positive. */
const gammaSeries = (a: number, x: number): number => {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n <= MAX_STEPS && term > sum * PRECISION; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
};

/** Q(a, x) / front by Lentz's method; the denominators stay away from 0 for x > a + 1. */
const gammaFraction = (a: number, x: number): number => {
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
 * 3rd ed., section 6.2). χ² and the normal distribution are computed from them. The relative error is about 1e-13 for a
 * up to some hundreds, and grows with log Γ(a).
 */
export const incompleteGamma = (a: number, x: number): { readonly lower: number; readonly upper: number } => {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    const lower = front * gammaSeries(a, x);
    return { lower, upper: 1 - lower };
  }
  const upper = front * gammaFraction(a, x);
  return { lower: 1 - upper, upper };
};

const requireDegrees = (where: string, degrees: number): void => {
  if (Number.isFinite(degrees) && degrees > 0) return;
  fail({
    expected: `a finite number above 0 for ${where}`,
    received: shown(degrees),
    fix: 'It is the number of values minus 1 for a mean.',
  });
};

const requireNumber = (where: string, noun: string, value: number): void => {
  if (!Number.isNaN(value)) return;
  throw new MetricError(where, `${noun} = NaN`, 'a number', 'Look for a NaN in the values it comes from.');
};

/** Refuses NaN and negative values of a statistic that can't be negative, such as a sum of squares. */
export const requireSquares = (where: string, noun: string, value: unknown): void => {
  if (typeof value === 'number' && value >= 0) return;
  const remedy = 'Look for a NaN in the values it comes from.';
  throw new MetricError(where, `${noun} = ${show(value)}`, 'a number >= 0', remedy);
};

/**
 * The x >= 0 at which a nondecreasing function reaches a value. With a distribution function, x is the quantile. The
 * bisection ends at two neighboring floating-point numbers, so x is as precise as the function.
 *
 * @param grows nondecreasing on x >= 0, and above `value` for some x. For a tail P(X > x) = p, pass −P and −p
 */
export const invert = (grows: (x: number) => number, value: number): number => {
  let low = 0;
  let high = 1;
  while (grows(high) < value) {
    low = high;
    high *= 2;
  }
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle; // no number in between
    if (grows(middle) < value) low = middle;
    else high = middle;
  }
};

/** The x with P(X < x) = p. The smaller of the two tails is inverted, as it is the more precise one. */
const quantileOf = (p: number, tail: (x: number, side: 'lower' | 'upper') => number): number =>
  p < 0.5 ? invert((x) => tail(x, 'lower'), p) : invert((x) => -tail(x, 'upper'), p - 1);

/** The quantile of a distribution that is symmetric about 0. @param tail the probability beyond x on one side, or on both */
const symmetricQuantile = (p: number, tail: (x: number) => number, sides: 1 | 2): number => {
  if (p === 0.5) return 0;
  const size = invert((x) => -tail(x), -sides * Math.min(p, 1 - p));
  return p < 0.5 ? -size : size;
};

/**
 * P(Z <= z) of the standard normal distribution. It is precise in the far lower tail, so use `normalCdf(-z)` for P(Z > z).
 *
 * @param z any number, ±Infinity included
 * @throws MetricError on NaN
 * @example
 * normalCdf(1.959964); // 0.975
 * normalCdf(-3); // 0.00134990
 */
export const normalCdf = (z: number): number => {
  requireNumber('normalCdf', 'z', z);
  const { lower, upper } = incompleteGamma(0.5, (z * z) / 2); // P(|Z| < z), P(|Z| > z)
  return z < 0 ? upper / 2 : (1 + lower) / 2;
};

/**
 * The quantile of the standard normal distribution: the z with P(Z <= z) = p.
 *
 * @param p between 0 and 1, both excluded
 * @throws MetricError on p out of range
 * @example
 * normalQuantile(0.975); // 1.959964
 */
export const normalQuantile = (p: number): number => {
  requireBetween('normalQuantile', 'p', p, 0, 1);
  return symmetricQuantile(p, (x) => normalCdf(-x), 1);
};

/**
 * P(|T| > |t|) of Student's t distribution: the two-sided p value. It is precise in the far tail.
 *
 * @param t any number, ±Infinity included
 * @param degrees degrees of freedom, > 0
 * @throws PolytaskError on NaN or degrees that aren't a finite number > 0
 * @example
 * studentTTail(2.776445, 4); // 0.05
 */
export const studentTTail = (t: number, degrees: number): number => {
  requireDegrees('studentTTail.degrees', degrees);
  requireNumber('studentTTail', 't', t);
  if (Math.abs(t) === Infinity) return 0;
  const square = t * t;
  return incompleteBeta(degrees / (degrees + square), degrees / 2, 0.5, square / (degrees + square));
};

/**
 * The quantile of Student's t distribution: the t with P(T < t) = p. Bisection on {@link studentTTail} finds about 12
 * digits.
 *
 * @param p between 0 and 1, both excluded
 * @param degrees degrees of freedom, > 0
 * @throws PolytaskError on p or degrees out of range
 * @example
 * studentTQuantile(0.975, 9); // 2.262157
 */
export const studentTQuantile = (p: number, degrees: number): number => {
  requireBetween('studentTQuantile', 'p', p, 0, 1);
  requireDegrees('studentTQuantile.degrees', degrees);
  return symmetricQuantile(p, (x) => studentTTail(x, degrees), 2);
};

/**
 * P(X > x) of the χ² distribution: the p value. It is precise in the far tail.
 *
 * @param x >= 0, Infinity included
 * @param degrees degrees of freedom, > 0
 * @throws PolytaskError on x below 0 or NaN, or degrees that aren't a finite number > 0
 * @example
 * chiSquareTail(5.991465, 2); // 0.05
 */
export const chiSquareTail = (x: number, degrees: number): number => {
  requireSquares('chiSquareTail', 'x', x);
  requireDegrees('chiSquareTail.degrees', degrees);
  return incompleteGamma(degrees / 2, x / 2).upper;
};

/**
 * The quantile of the χ² distribution: the x with P(X < x) = p.
 *
 * @param p between 0 and 1, both excluded
 * @param degrees degrees of freedom, > 0
 * @throws PolytaskError on p or degrees out of range
 * @example
 * chiSquareQuantile(0.95, 2); // 5.991465
 */
export const chiSquareQuantile = (p: number, degrees: number): number => {
  requireBetween('chiSquareQuantile', 'p', p, 0, 1);
  requireDegrees('chiSquareQuantile.degrees', degrees);
  return quantileOf(p, (x, side) => incompleteGamma(degrees / 2, x / 2)[side]);
};

/** P(F > f) or P(F < f). Each is computed directly, as 1 − P would lose digits. */
const fProbability = (f: number, numerator: number, denominator: number, side: 'lower' | 'upper'): number => {
  if (f === Infinity) return side === 'upper' ? 0 : 1;
  const total = denominator + numerator * f;
  const [above, below] = [denominator / total, (numerator * f) / total];
  return side === 'upper'
    ? incompleteBeta(above, denominator / 2, numerator / 2, below)
    : incompleteBeta(below, numerator / 2, denominator / 2, above);
};

/**
 * P(F > f) of Fisher's F distribution: the p value of a ratio of variances.
 *
 * @param f >= 0, Infinity included
 * @param numerator degrees of freedom, > 0
 * @param denominator degrees of freedom, > 0
 * @throws PolytaskError on f below 0 or NaN, or degrees that aren't finite numbers > 0
 * @example
 * fTail(4.102821, 2, 10); // 0.05
 */
export const fTail = (f: number, numerator: number, denominator: number): number => {
  requireSquares('fTail', 'f', f);
  requireDegrees('fTail.numerator', numerator);
  requireDegrees('fTail.denominator', denominator);
  return fProbability(f, numerator, denominator, 'upper');
};

/**
 * The quantile of Fisher's F distribution: the f with P(F < f) = p.
 *
 * @param p between 0 and 1, both excluded
 * @param numerator degrees of freedom, > 0
 * @param denominator degrees of freedom, > 0
 * @throws PolytaskError on p or degrees out of range
 * @example
 * fQuantile(0.95, 2, 10); // 4.102821
 */
export const fQuantile = (p: number, numerator: number, denominator: number): number => {
  requireBetween('fQuantile', 'p', p, 0, 1);
  requireDegrees('fQuantile.numerator', numerator);
  requireDegrees('fQuantile.denominator', denominator);
  return quantileOf(p, (f, side) => fProbability(f, numerator, denominator, side));
};
