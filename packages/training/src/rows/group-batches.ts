import {
  randomStream,
  type Batch,
  type Examples,
  type ExampleStream,
  type Task,
  permutation,
  type RandomStream,
  missingGroups,
} from '@polytask/core';
import { rowBuffer } from './stream-batches.ts';

/** @throws PolytaskError when rows in memory have no groups. A stream is checked as it is read */
export function checkRowGroups(rows: Examples | ExampleStream, task: Task, what: string): void {
  if (!('chunks' in rows) && !rows.batch([0]).groups) missingGroups(task, what);
}

const PIECE = 4096;

const groupsOfExamples = new WeakMap<Examples, Groups>();

/** The {@link groupedOrder} of rows in memory. It depends on the seed and the epoch alone. */
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

/** The {@link groupedOrder} of a buffer of rows. The group of the last row waits for its other rows, so they have to be near each other. */
export async function* streamBatchesOfGroups(
  stream: ExampleStream,
  epoch: number,
  batchSize: number,
  { bufferRows, seed, shuffle }: { bufferRows: number; seed: number; shuffle: boolean },
): AsyncGenerator<Batch, void, undefined> {
  const bufferOf = (rows: number) => rowBuffer(stream.schema, rows, true);
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

/** The groups of some rows, numbered from 0 in the order of their first rows. */
interface Groups {
  readonly of: Uint32Array;
  readonly count: number;
}

/** Numbers groups from 0 in the order of their first rows. A row with a code below 0 is a group of its own. */
export function numberedGroups(codes: Int32Array): Groups {
  const numbers = new Map<number, number>();
  let count = 0;
  const of = Uint32Array.from(codes, (code) => {
    if (code < 0) return count++;
    let group = numbers.get(code);
    if (group === undefined) numbers.set(code, (group = count++));
    return group;
  });
  return { of, count };
}

/** How many groups may wait for a batch with enough room. */
const WAITING = 64;

/** Full batches, each with whole groups. Cut are groups larger than a batch, and one where no waiting group fits into the rest of a batch. */
export function groupedOrder({ of, count }: Groups, batchSize: number, random?: RandomStream): Uint32Array {
  const groups = random ? permutation(random, count) : Uint32Array.from({ length: count }, (_, g) => g);
  const { members, ends } = membersOf(of, count, random && permutation(random, of.length));
  const order = new Uint32Array(of.length);
  const first = (group: number) => (group === 0 ? 0 : ends[group - 1]!);
  const placed = new Uint32Array(count); // rows of each group that have a place
  const waiting: number[] = [];
  let [at, next] = [0, 0];
  const roomAt = () => batchSize - (at % batchSize);
  const left = (group: number) => ends[group]! - first(group) - placed[group]!;
  /** Places as many rows of a group as the batch has room for. Returns whether all have a place. */
  const place = (group: number): boolean => {
    const rows = Math.min(left(group), roomAt());
    const from = first(group) + placed[group]!;
    order.set(members.subarray(from, from + rows), at);
    placed[group]! += rows;
    at += rows;
    return left(group) === 0;
  };
  while (at < order.length) {
    const room = roomAt();
    const fitting = room === batchSize ? 0 : waiting.findIndex((group) => left(group) <= room);
    if (fitting >= 0 && fitting < waiting.length) {
      if (place(waiting[fitting]!)) waiting.splice(fitting, 1);
    } else if (next < count && waiting.length < WAITING) {
      const group = groups[next++]!;
      const fits = left(group) <= room || room === batchSize;
      if (!fits || !place(group)) waiting.push(group);
    } else if (place(waiting[0]!)) waiting.shift(); // fills the batch
  }
  return order;
}

/** The rows of each group, one group after the other. @param order in which the rows of a group are taken. Default: their own */
function membersOf(of: Uint32Array, count: number, order?: Uint32Array): { members: Uint32Array; ends: Uint32Array } {
  const ends = new Uint32Array(count);
  for (const group of of) ends[group]!++;
  for (let group = 1; group < count; group++) ends[group]! += ends[group - 1]!;
  const members = new Uint32Array(of.length);
  const places = ends.slice();
  for (let i = of.length - 1; i >= 0; i--) {
    const row = order ? order[i]! : i;
    members[--places[of[row]!]!] = row;
  }
  return { members, ends };
}
