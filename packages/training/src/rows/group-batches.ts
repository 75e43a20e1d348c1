import { randomStream, missingGroups, type Batch, type Examples, type ExampleStream, type Task } from '@polytask/core';
import type { RowBuffer } from './row-buffer.ts';
import { groupedOrder, numberedGroups, type Groups } from './group-order.ts';

/**
 * @param task whose loss compares the rows of a group
 * @param what the name of the rows in errors, such as `the training rows`
 * @throws PolytaskError when rows in memory have no groups. A stream is checked as it is read
 */
export function checkRowGroups(rows: Examples | ExampleStream, task: Task, what: string): void {
  if (!('chunks' in rows) && !rows.batch([0]).groups) missingGroups(task, what);
}

/** Rows of a pass that reads the groups. */
const PIECE = 4096;

const groupsOfExamples = new WeakMap<Examples, Groups>();

/**
 * The order in which an epoch reads rows in memory, so that the rows of a group are in one batch: see {@link groupedOrder}. It depends on
 * the seed and the epoch alone.
 */
export function epochOrderOfGroups(
  rows: Examples,
  epoch: number,
  { batchSize, shuffle, seed }: { readonly batchSize: number; readonly shuffle: boolean; readonly seed: number },
): Uint32Array {
  let groups = groupsOfExamples.get(rows);
  if (!groups) groupsOfExamples.set(rows, (groups = numberedGroups(codesOf(rows))));
  return groupedOrder(groups, batchSize, shuffle ? randomStream(seed, `shuffle.groups.${epoch}`) : undefined);
}

function codesOf(rows: Examples): Int32Array {
  const codes = new Int32Array(rows.size);
  for (let from = 0; from < rows.size; from += PIECE) {
    const numbers = Uint32Array.from({ length: Math.min(PIECE, rows.size - from) }, (_, i) => from + i);
    codes.set(rows.batch(numbers).groups!, from);
  }
  return codes;
}

/**
 * Batches of a stream in which the rows of a group stay together: see {@link groupedOrder}. A buffer of rows is put in order at
 * once, and the group of its last row waits for its other rows. So the rows of a group have to be near each other in the stream.
 * The batches depend on the seed and the epoch alone, and not on the chunks of the stream.
 *
 * @param bufferRows the rows in the buffer; at least those of a batch
 * @param bufferOf makes a buffer of so many rows: an import of it would split a page's code into more files
 */
export async function* streamBatchesOfGroups(
  stream: ExampleStream,
  epoch: number,
  batchSize: number,
  {
    bufferRows,
    seed,
    shuffle,
    bufferOf,
  }: {
    readonly bufferRows: number;
    readonly seed: number;
    readonly shuffle: boolean;
    readonly bufferOf: (rows: number) => RowBuffer;
  },
): AsyncGenerator<Batch, void, undefined> {
  const capacity = Math.max(batchSize, Math.min(bufferRows, stream.size ?? Infinity));
  const random = shuffle ? randomStream(seed, `shuffle.stream-groups.${epoch}`) : undefined;
  let buffer = bufferOf(capacity);
  let filled = 0;
  function* drain(isEnd: boolean): Generator<Batch, void, undefined> {
    const all = buffer.batch(filled);
    const codes = all.groups!;
    const isHeld = (row: number) => !isEnd && codes[row]! >= 0 && codes[row] === codes[filled - 1];
    const rows = Uint32Array.from(codes.keys());
    const free = rows.filter((row) => !isHeld(row));
    const taken = free.length < batchSize ? rows : free;
    const held = taken === rows ? rows.subarray(0, 0) : rows.filter(isHeld);
    const order = groupedOrder(numberedGroups(Int32Array.from(taken, (row) => codes[row]!)), batchSize, random);
    const end = isEnd ? order.length : order.length - (order.length % batchSize);
    for (let from = 0; from < end; from += batchSize) {
      const part = order.subarray(from, Math.min(from + batchSize, end));
      const out = bufferOf(part.length);
      part.forEach((at, i) => out.copy(all, taken[at]!, i));
      yield out.batch(part.length);
    }
    const rest = bufferOf(capacity);
    filled = 0;
    for (const at of order.subarray(end)) rest.copy(all, taken[at]!, filled++);
    for (const row of held) rest.copy(all, row, filled++);
    buffer = rest;
  }
  for await (const chunk of stream.chunks(epoch)) {
    buffer.check(chunk);
    for (let row = 0; row < chunk.size;) {
      const count = Math.min(capacity - filled, chunk.size - row);
      buffer.copy(chunk, row, filled, count);
      filled += count;
      row += count;
      if (filled === capacity) yield* drain(false);
    }
  }
  if (filled > 0) yield* drain(true);
}
