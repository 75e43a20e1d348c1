import { permutation, readOptions, fail, randomStream, type Batch, type Examples, type Options } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import { anything } from '@polytask/components';

export interface BatchesOptions {
  /** Rows in a batch; the last batch may have fewer. Default 1024. */
  readonly batchSize?: number;
  /** Shuffles the rows. Default: the table's order. */
  readonly seed?: number;
  /** With a seed, each epoch has its own order. Default 0. */
  readonly epoch?: number;
  /** Drops the last batch where it has fewer rows. Default false. */
  readonly dropRemainder?: boolean;
}

export const BATCHES_OPTIONS: Options<BatchesOptions> = {
  batchSize: anything,
  seed: anything,
  epoch: anything,
  dropRemainder: anything,
};

/**
 * Gives all rows in batches, each row once.
 *
 * @throws PolytaskError for an unknown option, and for a batch size that is not a whole number of 1 or more
 * @example for (const batch of batches(train, { batchSize: 256, seed: 7, epoch })) step(batch);
 */
export function batches(examples: Examples, options: BatchesOptions = {}): Generator<Batch, void, undefined> {
  readOptions(options, BATCHES_OPTIONS, 'batches');
  const { batchSize = 1024, seed, epoch = 0, dropRemainder = false } = options;
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    fail({ expected: 'a batchSize of 1 or more', received: String(batchSize), fix: 'Pass batchSize: 1024.' });
  }
  const { size } = examples;
  const end = dropRemainder ? size - (size % batchSize) : size;
  return (function* () {
    const rows = seed === undefined ? allRows(size) : permutation(randomStream(seed, `batches.${epoch}`), size);
    for (let start = 0; start < end; start += batchSize) {
      yield examples.batch(rows.subarray(start, Math.min(start + batchSize, end)));
    }
  })();
}
