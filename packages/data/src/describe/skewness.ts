/** A skewness above this is a long tail: an exponential distribution has 2. */
const LONG_TAIL = 2;
const LEAST_MAXIMUM = 20;
const LEFT = 0.75;
const LEAST_VALUES = 20;

/**
 * Whether amounts have a tail so long that their logarithm is the better input: none is negative, their skewness is above 2,
 * and log(1 + x) takes a quarter of it away or more.
 *
 * @param sorted [values] ascending
 */
export function isSkewed(sorted: Float64Array): boolean {
  if (sorted.length < LEAST_VALUES || sorted[0]! < 0 || sorted.at(-1)! < LEAST_MAXIMUM) return false;
  const raw = skewness(sorted);
  return raw > LONG_TAIL && Math.abs(skewness(sorted.map(Math.log1p))) < LEFT * raw;
}

/** The third central moment over the deviation's cube, g₁; 0 for a constant. */
export function skewness(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  let [m2, m3] = [0, 0];
  for (const value of values) {
    m2 += (value - mean) ** 2;
    m3 += (value - mean) ** 3;
  }
  return m2 > 0 ? m3 / values.length / (m2 / values.length) ** 1.5 : 0;
}
