/** Widths beyond which no budget is sought. */
const WIDEST = 1 << 14;

/**
 * The widths, in the proportions that were given, whose cost comes nearest to a target; the narrower ones where two are as
 * near.
 *
 * @param levels widths, level by level
 * @param cost of widths; it must not fall when they grow
 * @returns the widths as they were, where they don't matter to the cost
 * @example matchWidths([128, 64], 1000, ([a, b]) => 10 * a + a * b); // [36, 18]: 360 + 648
 */
export function matchWidths(
  levels: readonly number[],
  target: number,
  cost: (levels: readonly number[]) => number,
): readonly number[] {
  const first = levels[0]!;
  const at = (width: number) => levels.map((level) => Math.max(1, Math.round((level * width) / first)));
  const costs = new Map<number, number>();
  const costAt = (width: number) => {
    const value = costs.get(width) ?? cost(at(width));
    costs.set(width, value);
    return value;
  };
  if (costAt(1) === costAt(2)) return levels;
  let [low, high] = [1, 2];
  while (costAt(high) < target && high < WIDEST) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (costAt(middle) < target) low = middle;
    else high = middle;
  }
  return at(target - costAt(low) <= costAt(high) - target ? low : high);
}
