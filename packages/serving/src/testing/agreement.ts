/** The largest difference between two predictions, by task; Infinity where one has other numbers of rows. */
export function largestDifference(
  received: Readonly<Record<string, ArrayLike<number>>>,
  expected: Readonly<Record<string, ArrayLike<number>>>,
): number {
  if (Object.keys(received).sort().join() !== Object.keys(expected).sort().join()) return Infinity;
  const differences = Object.entries(expected).flatMap(([task, values]) => {
    const given = received[task]!;
    if (given.length !== values.length) return [Infinity];
    return Array.from(values, (value, i) => (given[i] === value ? 0 : Math.abs(given[i]! - value)));
  });
  return differences.reduce((most, each) => (each <= most ? most : each), 0); // NaN is the largest
}
