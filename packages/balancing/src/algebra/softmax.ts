/** e^x_i / Σ e^x_j */
export function softmax(x: readonly number[]): number[] {
  const largest = Math.max(...x);
  const powers = x.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((all, each) => all + each, 0);
  return powers.map((power) => power / sum);
}
