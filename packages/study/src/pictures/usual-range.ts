/** How many widths of the middle half a value may lie outside of it. */
const REACH = 3;

/**
 * The range of the values but for those far outside: a picture that showed them all would show nothing of the others.
 * What lies outside is to be named at the edge.
 *
 * @returns all values' range where none is far outside (beyond the middle half by more than three times its width, Tukey's
 * outer fences), or where there are fewer than four
 */
export function usualRange(values: readonly number[]): { readonly low: number; readonly high: number } {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const [low, high] = [sorted[0] ?? NaN, sorted.at(-1) ?? NaN];
  if (sorted.length < 4) return { low, high };
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const [first, third] = [at(0.25), at(0.75)];
  const inside = sorted.filter(
    (value) => value >= first - REACH * (third - first) && value <= third + REACH * (third - first),
  );
  return { low: inside[0]!, high: inside.at(-1)! };
}
