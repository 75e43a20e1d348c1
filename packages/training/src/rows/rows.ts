import {
  labelsOf,
  permutation,
  fail,
  randomStream,
  groupedTasks,
  type Batch,
  type Examples,
  type ExampleStream,
  type Tasks,
} from '@polytask/core';
import { noticeOnce } from '../platform/notice-once.ts';
import { batchesInOrder, batchesShuffled } from './stream-batches.ts';

/** The rows that `fit` and `evaluate` read: rows in memory, or a stream of rows. */
export type RowSource<T extends Tasks = Tasks> = Examples<T> | ExampleStream<T>;

export const isStream = <T extends Tasks>(rows: RowSource<T>): rows is ExampleStream<T> => 'chunks' in rows;

/** Whether the batches of the rows have groups. Those of a stream have them if it says so, or if the loss of a task compares rows. */
export const haveGroups = (rows: RowSource, tasks: Tasks): boolean =>
  isStream(rows) ? rows.grouped === true || groupedTasks(tasks).length > 0 : rows.batch([0])?.groups !== undefined;

/** The numbers of at most `most` rows, evenly spaced: files are often sorted. */
export function spacedRows(size: number, most: number): Uint32Array {
  const count = Math.min(most, size);
  return Uint32Array.from({ length: count }, (_, i) => Math.floor((i * size) / count));
}

/** Some of the rows. @param chosen their numbers */
export const viewOf = <T extends Tasks>(examples: Examples<T>, chosen: Uint32Array): Examples<T> => ({
  ...{ schema: examples.schema, size: chosen.length },
  batch: (indices) => examples.batch(Uint32Array.from(indices, (index) => chosen[index]!)),
});

/** FNV-1a over 32-bit words, a whole number of 32 bits. */
export function hashOf(words: ArrayLike<number>): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i]!, 0x01000193);
  return hash;
}

export interface BatchSettings {
  readonly batchSize: number;
  readonly dropLast: boolean;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly shuffleBuffer: number;
  /** The tasks whose loss compares the rows of a group. With one, the rows of a group stay in one batch. */
  readonly grouped?: readonly string[];
}

export function stepsIn({ size }: { readonly size?: number | undefined }, { batchSize, dropLast }: BatchSettings) {
  if (size === undefined) return undefined;
  return dropLast ? Math.floor(size / batchSize) : Math.ceil(size / batchSize);
}

/** The batches depend on the settings and the epoch alone, so a resumed run gets the same. @param tasks whose labels each batch needs */
export async function* epochBatches(...asked: Parameters<typeof plainBatches>): ReturnType<typeof plainBatches> {
  const [rows, epoch, skip, { grouped = [], shuffle }, tasks] = asked;
  const batches = plainBatches(...asked);
  if (grouped.length === 0) {
    if (!isStream(rows) || !shuffle || epoch > 1 || skip > 0) return yield* batches;
    const { watchOrder } = await import('./watch-batches.ts');
    return yield* watchOrder(batches, tasks, noticeOnce);
  }
  const { watchPairs } = await import('./watch-batches.ts');
  yield* watchPairs(batches, grouped, skip === 0, noticeOnce);
}

async function* plainBatches(
  rows: RowSource,
  epoch: number,
  skip: number,
  settings: BatchSettings,
  tasks: readonly string[],
): AsyncGenerator<Batch, void, undefined> {
  const { batchSize, dropLast, shuffle, shuffleBuffer, seed, grouped = [] } = settings;
  const inGroups = grouped.length > 0 ? await import('./group-batches.ts') : undefined; // most pages train without groups
  if (!isStream(rows)) {
    const order = inGroups?.epochOrderOfGroups(rows, epoch, settings) ?? epochOrder(rows.size, epoch, settings);
    const steps = stepsIn(rows, settings)!;
    for (let step = skip; step < steps; step++)
      yield batchOf(rows, order.subarray(step * batchSize, (step + 1) * batchSize), tasks);
    return;
  }
  const shuffled = shuffle && !rows.shuffled;
  const buffer = { bufferRows: shuffleBuffer, seed };
  const batches =
    inGroups?.streamBatchesOfGroups(rows, epoch, batchSize, { ...buffer, shuffle: shuffled }) ??
    (shuffled ? batchesShuffled(rows, epoch, batchSize, buffer) : batchesInOrder(rows, epoch, batchSize));
  let [rowsRead, batchCount] = [0, 0];
  for await (const batch of batches) {
    rowsRead += batch.size;
    if (dropLast && batch.size < batchSize) continue;
    if (batchCount++ >= skip) yield batch;
  }
  checkRead(rowsRead, rows.size, batchCount, batchSize);
}

/** All rows once, in their own order. @param grouped whether the batches need the groups of the rows */
export async function* evaluationBatches<T extends Tasks>(
  rows: RowSource<T>,
  batchSize: number,
  tasks: readonly string[],
  grouped = false,
): AsyncGenerator<Batch, void, undefined> {
  if (!isStream(rows)) {
    for (let from = 0; from < rows.size; from += batchSize) {
      const numbers = Uint32Array.from({ length: Math.min(batchSize, rows.size - from) }, (_, i) => from + i);
      yield batchOf(rows, numbers, tasks);
    }
    return;
  }
  let rowsRead = 0;
  for await (const batch of batchesInOrder(rows, 1, batchSize, grouped)) {
    rowsRead += batch.size;
    yield batch;
  }
  checkRead(rowsRead, rows.size, rowsRead, 1);
}

function batchOf(rows: Examples, numbers: Uint32Array, tasks: readonly string[]): Batch {
  const batch = rows.batch(numbers);
  const rowCount = numbers.length;
  const fix = 'Let `batch(rows)` give all rows that are asked for, with their labels and weights.';
  if (batch?.size !== rowCount) fail({ expected: `a batch of ${rowCount} rows`, received: String(batch?.size), fix });
  for (const task of tasks) {
    const { labels, weights } = batch.tasks?.includes(task) ? labelsOf(batch, task) : {};
    if (labels?.length === rowCount && weights?.length === rowCount) continue;
    fail({
      expected: `${rowCount} labels and weights of task "${task}" in a batch`,
      received: `${labels?.length || 'no'} labels and ${weights?.length || 'no'} weights`,
      fix,
    });
  }
  return batch;
}

function checkRead(rowsRead: number, size: number | undefined, batchCount: number, batchSize: number): void {
  if (size !== undefined && size !== rowsRead) {
    fail({
      expected: `the ${size} rows that the stream says it has`,
      received: String(rowsRead),
      fix: 'Leave an unknown size out, and give the same rows each time.',
    });
  }
  if (batchCount > 0) return;
  fail({
    expected: `${batchSize > 1 ? `${batchSize} rows or more` : 'rows'} in the stream`,
    received: String(rowsRead),
    fix: 'Look at its source; with dropLast, lower batchSize.',
  });
}

function epochOrder(rows: number, epoch: number, { seed, shuffle }: { seed: number; shuffle: boolean }): Uint32Array {
  if (!shuffle) return Uint32Array.from({ length: rows }, (_, row) => row);
  const stream = randomStream(seed, 'shuffle.epoch');
  stream.counter = epoch - 1;
  return permutation(stream, rows);
}
