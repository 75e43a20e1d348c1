import {
  flag,
  number,
  optional,
  readOptions,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import { permutation, randomStream, type Batch, type Examples } from '@polytask/core';
import { allRows } from '../columns/columns.ts';

export const passOptions = {
  /** Rows in a batch; the last batch may have fewer. */
  batchSize: optional(wholeNumber(1), 1024),
  /** Shuffles the rows. Default: the table's order. */
  seed: optional(number({ whole: true })),
  /** Drops the last batch where it has fewer rows. */
  dropRemainder: optional(flag, false),
};

const options = {
  ...passOptions,
  /** With a seed, each epoch has its own order. */
  epoch: optional(number({ whole: true }), 0),
};

export interface BatchesOptions extends Written<typeof options>, FromDescription {}

/**
 * Gives all rows in batches, each row once.
 *
 * @throws PolytaskError for an unknown option, and for a batch size that is not a whole number of 1 or more
 * @example for (const batch of batches(train, { batchSize: 256, seed: 7, epoch })) step(batch);
 */
export function batches(examples: Examples, given: BatchesOptions = {}): Generator<Batch, void, undefined> {
  const { batchSize, seed, epoch, dropRemainder } = readOptions(given, options, 'batches');
  const { size } = examples;
  const end = dropRemainder ? size - (size % batchSize) : size;
  return (function* () {
    const rows = seed === undefined ? allRows(size) : permutation(randomStream(seed, `batches.${epoch}`), size);
    for (let start = 0; start < end; start += batchSize) {
      yield examples.batch(rows.subarray(start, Math.min(start + batchSize, end)));
    }
  })();
}
