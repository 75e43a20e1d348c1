/** Coefficients for g = 7, n = 9. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/**
 * log Γ(x) by Lanczos' approximation (Press et al., "Numerical recipes", 3rd ed., section 6.1), to about 14 digits. ∞ for 0, and NaN below.
 *
 * @example logGamma(5) // log 24 = 3.1780538303479458
 */
export const logGamma = (x: number): number => {
  if (!(x > 0)) return x === 0 ? Infinity : NaN;
  if (x === Infinity) return x;
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x); // reflection
  const z = x - 1;
  let series: number = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i++) series += LANCZOS[i]! / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(series);
};

/** The number moved up to 10 or more, where the series below have 13 digits, and the sum of a function over the steps. */
function moved(x: number, of: (at: number) => number): [number, number] {
  let sum = 0;
  for (; x < 10; x++) sum += of(x);
  return [x, sum];
}

/** The derivative of {@link logGamma} for x > 0 (Abramowitz and Stegun, 6.3.18). @example digamma(1) // −0.5772156649015329 */
export function digamma(x: number): number {
  const [at, steps] = moved(x, (each) => 1 / each);
  const square = 1 / at ** 2;
  const series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))));
  return Math.log(at) - 0.5 / at - series - steps;
}

/** The derivative of {@link digamma} (Abramowitz and Stegun, 6.4.12). @example trigamma(1) // π²/6 = 1.6449340668482264 */
export function trigamma(x: number): number {
  const [at, steps] = moved(x, (each) => 1 / each ** 2);
  const square = 1 / at ** 2;
  const series = square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square * (1 / 30 - (square * 5) / 66))));
  return (1 + 0.5 / at + series) / at + steps;
}

/**
 * The error function 2/√π ∫₀ˣ e^−t² dt, to about 15 digits: 2/√π e^−x² Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)), whose terms have one sign.
 *
 * @example erf(1) // 0.8427007929497149
 */
export function erf(x: number): number {
  if (!(Math.abs(x) < 6)) return Number.isNaN(x) ? NaN : Math.sign(x);
  let [series, term] = [x, x];
  for (let i = 3; Math.abs(term) > 1e-17 * Math.abs(series); i += 2) {
    term *= (2 * x * x) / i;
    series += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * series;
}
