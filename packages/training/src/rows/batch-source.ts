import { fail, type Batch, type Examples, type Tasks } from '@polytask/core';
import { checkBatch } from '../evaluation/check-batch.ts';
import { epochOrder } from '../fit/epoch-order.ts';
import { isStream, type Rows } from './rows.ts';
import { batchesInOrder, batchesShuffled } from './stream-batches.ts';

export interface BatchSettings {
  readonly batchSize: number;
  readonly dropLast: boolean;
  readonly shuffle: boolean;
  readonly seed: number;
  /** Of a stream. */
  readonly shuffleBuffer: number;
}

/** How many batches an epoch has; undefined where a stream doesn't know its rows. */
export function stepsIn(
  { size }: { readonly size?: number | undefined },
  { batchSize, dropLast }: BatchSettings,
): number | undefined {
  if (size === undefined) return undefined;
  return dropLast ? Math.floor(size / batchSize) : Math.ceil(size / batchSize);
}

/**
 * The batches of an epoch from a place on. They depend on the settings and the epoch alone: a run that is resumed gets those
 * that one which was never stopped would get. A stream is read again up to that place.
 *
 * @param epoch from 1
 * @param skip batches that are done
 * @param tasks that the batches have to have labels for
 */
export async function* epochBatches<T extends Tasks>(
  rows: Rows<T>,
  epoch: number,
  skip: number,
  settings: BatchSettings,
  tasks: readonly string[],
): AsyncGenerator<Batch, void, undefined> {
  const { batchSize, dropLast, shuffle, shuffleBuffer, seed } = settings;
  if (!isStream(rows)) {
    const order = epochOrder(rows.size, epoch, settings);
    const steps = stepsIn(rows, settings)!;
    for (let step = skip; step < steps; step++)
      yield batchOf(rows, order.subarray(step * batchSize, (step + 1) * batchSize), tasks);
    return;
  }
  const batches =
    shuffle && !rows.shuffled
      ? batchesShuffled(rows, epoch, batchSize, { bufferRows: shuffleBuffer, seed })
      : batchesInOrder(rows, epoch, batchSize);
  let [read, given] = [0, 0];
  for await (const batch of batches) {
    read += batch.size;
    if (dropLast && batch.size < batchSize) continue;
    if (given++ >= skip) yield batch;
  }
  checkRead(read, rows.size, given, batchSize);
}

/** All rows once, in their order. */
export async function* evaluationBatches<T extends Tasks>(
  rows: Rows<T>,
  batchSize: number,
  tasks: readonly string[],
): AsyncGenerator<Batch, void, undefined> {
  if (!isStream(rows)) {
    for (let from = 0; from < rows.size; from += batchSize) {
      const numbers = Uint32Array.from({ length: Math.min(batchSize, rows.size - from) }, (_, i) => from + i);
      yield batchOf(rows, numbers, tasks);
    }
    return;
  }
  let read = 0;
  for await (const batch of batchesInOrder(rows, 1, batchSize)) {
    read += batch.size;
    yield batch;
  }
  checkRead(read, rows.size, read, 1);
}

function batchOf(rows: Examples, numbers: Uint32Array, tasks: readonly string[]): Batch {
  const batch = rows.batch(numbers);
  checkBatch(batch, numbers.length, tasks);
  return batch;
}

/** Throws where a stream has not what it promised, or nothing. */
function checkRead(read: number, promised: number | undefined, given: number, batchSize: number): void {
  if (promised !== undefined && promised !== read) {
    fail({
      expected: `the ${promised} rows that the stream says it has`,
      received: String(read),
      mend: 'Leave its size out where it is not known, and give the same rows each time.',
    });
  }
  if (given > 0) return;
  fail({
    expected: `${batchSize > 1 ? `${batchSize} rows or more` : 'rows'} in the stream`,
    received: String(read),
    mend: 'Look at its source; with dropLast, lower batchSize.',
  });
}
