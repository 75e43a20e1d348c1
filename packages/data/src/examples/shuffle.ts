import { randomStream } from '@polytask/core';

/**
 * The same rows in a random order, which depends on the seed alone.
 *
 * @param table a raw table or an encoded one
 * @example const shuffled = shuffle(table, 7);
 */
export const shuffle = <S extends { readonly size: number; subset(rows: ArrayLike<number>): S }>(
  table: S,
  seed: number,
): S => table.subset(randomStream(seed, 'shuffle').permutation(table.size));
