import { expect, it } from 'vitest';
import { gatherRows, scatterRows, wholeRows } from './copy-rows.ts';
import { some } from '../../../../cases.base.ts';

const ROWS = 2000;
const IDS = Int32Array.from({ length: 700 }, (_, k) => (k * 37) % ROWS);

/** Numbers of any bits, quiet NaN of all kinds among them: a signaling NaN becomes quiet when it moves as a single number. */
function words(length: number): Float32Array {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state & 0x7f800000) === 0x7f800000 ? state | 0x00400000 : state;
  };
  return new Float32Array(Uint32Array.from({ length }, next).buffer);
}

const bits = (numbers: Float32Array) => new Uint32Array(numbers.slice().buffer);

/** Moves rows of two arrays out, and into other arrays: 60 times, so that compilers have optimized. */
function move(dimension: number, shift: number) {
  const [table, slots] = [words(ROWS * dimension), words(ROWS * 2 * dimension + shift).subarray(shift)];
  const [written, writtenSlots] = [new Float32Array(table.length), new Float32Array(slots.length)];
  const gathered = [0, 1, 2].map(() => new Float32Array(IDS.length * dimension));
  const partsOf = (all: Float32Array, pairs: Float32Array) => [
    wholeRows(all, dimension, gathered[0]!),
    ...[0, 1].map((s) => ({ array: pairs, width: 2 * dimension, offset: s * dimension, gathered: gathered[1 + s]! })),
  ];
  for (let round = 0; round < 60; round++) {
    gatherRows({ dimension, ids: IDS, parts: partsOf(table, slots) });
    scatterRows({ dimension, ids: IDS, parts: partsOf(written, writtenSlots) });
  }
  return { table, slots, written, writtenSlots, gathered };
}

it.each(
  some(
    [
      [16, 0],
      [6, 0],
      [3, 0],
      [1, 0],
      [16, 1], // not at a multiple of 8 bytes
    ],
    2,
  ),
)('moves rows of %d numbers bit for bit, over several blocks', (dimension, shift) => {
  const { table, slots, written, writtenSlots, gathered } = move(dimension, shift);
  const chosen = new Set(IDS);
  const place = (k: number, s: number) => (2 * IDS[k]! + s) * dimension;
  IDS.forEach((id, k) => {
    const own = gathered.map((each) => bits(each.subarray(k * dimension, (k + 1) * dimension)));
    expect(own).toEqual([
      bits(table.subarray(id * dimension, (id + 1) * dimension)),
      ...[0, 1].map((s) => bits(slots.subarray(place(k, s), place(k, s) + dimension))),
    ]);
  });
  const kept = (from: Float32Array, width: number) =>
    bits(from).map((word, i) => (chosen.has(Math.floor(i / width)) ? word : 0));
  expect(bits(written)).toEqual(kept(table, dimension));
  expect(bits(writtenSlots)).toEqual(kept(slots, 2 * dimension));
});
