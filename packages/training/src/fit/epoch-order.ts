import { randomStream } from '@polytask/core';

/**
 * The order in which an epoch reads the rows. It depends on the seed and the epoch alone, so a resumed run finds its place
 * without having drawn all the orders before.
 *
 * @param epoch from 1
 */
export function epochOrder(
  rows: number,
  epoch: number,
  { seed, shuffle }: { seed: number; shuffle: boolean },
): Uint32Array {
  if (!shuffle) return Uint32Array.from({ length: rows }, (_, row) => row);
  const stream = randomStream(seed, 'shuffle.epoch');
  stream.counter = epoch - 1;
  return stream.permutation(rows);
}
