/**
 * Exact k-means in one dimension: divides the numbers into groups with the least sum of squared distances to the groups' means. Such
 * groups are contiguous in the sorted numbers, so dynamic programming finds them.
 *
 * @returns the mean of the group of each number
 */
export function clusterMeans(values: readonly number[], groups: number): number[] {
  if (values.length === 0) return []; // a batch in which no task has a label
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const sorted = order.map((i) => values[i]!);
  const groupOf = (from: number, to: number) => {
    const group = sorted.slice(from, to);
    const center = group.reduce((sum, value) => sum + value, 0) / group.length;
    return { center, cost: group.reduce((sum, value) => sum + (value - center) ** 2, 0) };
  };
  /** The best division of the first `to` numbers. */
  let best = sorted.map((_, i) => ({ cost: groupOf(0, i + 1).cost, starts: [0] }));
  for (let count = 1; count < Math.min(groups, values.length); count++) {
    best = best.map((one, i) => {
      let least = one;
      for (let from = 1; from <= i; from++) {
        const cost = best[from - 1]!.cost + groupOf(from, i + 1).cost;
        if (cost < least.cost) least = { cost, starts: [...best[from - 1]!.starts, from] };
      }
      return least;
    });
  }
  const { starts } = best.at(-1)!;
  const means = values.map(() => 0);
  starts.forEach((from, k) => {
    const to = starts[k + 1] ?? sorted.length;
    for (let at = from; at < to; at++) means[order[at]!] = groupOf(from, to).center;
  });
  return means;
}
