import { permutation, type RandomStream } from '@polytask/core';

/** The groups of some rows, numbered from 0 in the order of their first rows. */
export interface Groups {
  /** The group of each row, [rows]. */
  readonly of: Uint32Array;
  readonly count: number;
}

/**
 * Numbers the groups of some rows.
 *
 * @param codes the code of each row's group. A row with a code below 0 is a group of its own
 * @example numberedGroups(Int32Array.of(9, -1, 9, -1)).of // [0, 1, 0, 2]
 */
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

/**
 * Puts rows in an order of which each `batchSize` rows are a batch. The rows of a group are in one batch, and all batches but the last are
 * full. Two kinds of groups are cut: those larger than a batch, and one where no waiting group fits into the rest of a batch.
 *
 * @param random shuffles the groups, and the rows of each. Without it, groups are in the order of their first rows
 * @returns indices of rows, each once
 * @example groupedOrder(numberedGroups(Int32Array.of(5, 8, 8, 5)), 2) // [0, 3, 1, 2]
 */
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
