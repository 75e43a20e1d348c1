/** Whether two shapes, or other lists of numbers, are equal. */
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

/** An order of axes, as ONNX and NumPy write it: axis `i` of the result is axis `perm[i]` of the source. */
export type Permutation = readonly number[];

/** A list with one element per axis (a shape, for instance), in the order of a permutation. */
export const permuted = <T>(list: readonly T[], perm: Permutation): T[] => perm.map((axis) => list[axis]!);

/** The permutation that undoes another one. */
export const inverse = (perm: Permutation): number[] => perm.map((_, axis) => perm.indexOf(axis));

/** One permutation that does `first` and then `second`. */
export const compose = (first: Permutation, second: Permutation): number[] => permuted(first, second);

/** Whether a permutation leaves all axes in place. */
export const isIdentity = (perm: Permutation): boolean => perm.every((axis, i) => axis === i);

export const lastTwoSwapped = (rank: number): number[] =>
  Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));

/** Whether each axis is greater than the one before it. */
export const isAscending = (axes: readonly number[]): boolean =>
  axes.every((axis, i) => i === 0 || axes[i - 1]! < axis);
