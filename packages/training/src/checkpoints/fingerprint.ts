import type { Examples } from '@polytask/core';

/** Rows that are looked at. */
const SAMPLE = 64;

/** What tells one set of rows from another: their number, and a hash over some of them, evenly spaced. */
export interface Fingerprint {
  readonly rows: number;
  readonly sample: string;
}

export function fingerprint(examples: Examples): Fingerprint {
  const { size } = examples;
  const count = Math.min(SAMPLE, size);
  const batch = examples.batch(Uint32Array.from({ length: count }, (_, i) => Math.floor((i * size) / count)));
  const { numeric, ids, bagIds, bagWeights, labels, weights } = batch;
  const arrays = [numeric, ids, bagIds, bagWeights, ...Object.values(labels), ...Object.values(weights)];
  return { rows: size, sample: hash(arrays) };
}

/** FNV-1a over 32-bit words, twice with different starts: 64 bits, in hex. */
function hash(arrays: readonly (Float32Array | Int32Array)[]): string {
  const lanes = [0x811c9dc5, 0x9e3779b9];
  for (const array of arrays) {
    for (const word of new Uint32Array(array.buffer, array.byteOffset, array.length)) {
      lanes[0] = Math.imul(lanes[0]! ^ word, 0x01000193);
      lanes[1] = Math.imul(lanes[1]! ^ (word >>> 7) ^ (word << 25), 0x01000193) ^ (lanes[1]! >>> 15);
    }
  }
  return lanes.map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}
