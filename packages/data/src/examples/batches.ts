import { checkOptions, fail, randomStream, type Batch, type Examples, type Options } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import { anything } from '../options/checks.ts';

export interface BatchesOptions {
  /** Rows in a batch; the last one may have fewer. Default 1024. */
  readonly batchSize?: number;
  /** Shuffles the rows; in the table's order when left out. */
  readonly seed?: number;
  /** Another epoch, another order. Default 0. */
  readonly epoch?: number;
  /** Leaves the last batch out where it has fewer rows. Default false. */
  readonly dropRemainder?: boolean;
}

export const BATCHES_OPTIONS: Options<BatchesOptions> = {
  batchSize: anything,
  seed: anything,
  epoch: anything,
  dropRemainder: anything,
};

/**
 * All rows once, in batches.
 *
 * @throws PolytaskError where an option is unknown, or the batch size is not a whole number of 1 or more
 * @example for (const batch of batches(train, { batchSize: 256, seed: 7, epoch })) step(batch);
 */
export function batches(examples: Examples, options: BatchesOptions = {}): Generator<Batch, void, undefined> {
  checkOptions(options, BATCHES_OPTIONS, 'batches');
  const { batchSize = 1024, seed, epoch = 0, dropRemainder = false } = options;
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    fail({ expected: 'a batchSize of 1 or more', received: String(batchSize), mend: 'Pass batchSize: 1024.' });
  }
  const { size } = examples;
  const end = dropRemainder ? size - (size % batchSize) : size;
  return (function* () {
    const rows = seed === undefined ? allRows(size) : randomStream(seed, `batches.${epoch}`).permutation(size);
    for (let start = 0; start < end; start += batchSize) {
      yield examples.batch(rows.subarray(start, Math.min(start + batchSize, end)));
    }
  })();
}
