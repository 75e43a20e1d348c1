export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((side, i) => side === b[i]);

/** A shape with dimensions of 1 in front, so that it has this rank. */
export const withRank = (rank: number, shape: readonly number[]): number[] => [
  ...new Array<number>(rank - shape.length).fill(1),
  ...shape,
];

/**
 * The shape that two shapes broadcast to, by NumPy's rules.
 *
 * @throws Error when they don't broadcast
 */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const right = withRank(rank, b);
  return withRank(rank, a).map((x, i) => {
    const y = right[i]!;
    if (x !== y && x !== 1 && y !== 1) throw new Error(`Shapes [${a}] and [${b}] don't broadcast.`);
    return x === 1 ? y : x;
  });
}
