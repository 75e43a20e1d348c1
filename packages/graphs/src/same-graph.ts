import { PolytaskError } from '@polytask/core';

/** Rows of the graphs that are only compared. A mask of so many rows is hardly ever drawn twice. */
export const COMPARED_ROWS = 8;

/**
 * Writes a graph twice, and throws unless both are the same, byte for byte. What differs is a constant that was drawn
 * while the model ran: a compiled step would have it once and for all, one dropout mask for every batch. Numbers from
 * `randomTensor` are inputs, and don't differ.
 */
export function checkSameGraph(write: () => Uint8Array): void {
  const [first, second] = [write(), write()];
  if (first.length === second.length && first.every((byte, i) => byte === second[i])) return;
  throw new PolytaskError(
    'The model draws random numbers of its own (a tf.layers dropout or noise layer, or tf.randomUniform and the like), which ' +
      "a compiled graph would repeat at every step. Draw them by core's randomTensor, as its dropout does, or pass engine: 'eager'.",
  );
}
