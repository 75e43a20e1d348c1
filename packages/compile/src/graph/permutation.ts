/** An order of axes: axis `i` of the result is axis `perm[i]` of the source. */
export type Permutation = readonly number[];

/** Sides, or whatever there is one of for each axis, in the order that a permutation gives. */
export const permuted = <T>(list: readonly T[], perm: Permutation): T[] => perm.map((axis) => list[axis]!);

/** Undoes a permutation. */
export const inverse = (perm: Permutation): number[] => perm.map((_, axis) => perm.indexOf(axis));

/** Two permutations as one: `first`, then `second`. */
export const compose = (first: Permutation, second: Permutation): number[] => permuted(first, second);

export const isIdentity = (perm: Permutation): boolean => perm.every((axis, i) => axis === i);

/** The permutation that transposes the matrices in a tensor's last two axes. */
export const lastTwoSwapped = (rank: number): number[] =>
  Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));

/** Whether axes stand in rising order, with or without gaps. */
export const isAscending = (axes: readonly number[]): boolean =>
  axes.every((axis, i) => i === 0 || axes[i - 1]! < axis);
