import { arraysOf, fail, type Batch, type Examples, type ExampleStream } from '@polytask/core';
import { batchesInOrder } from '../rows/stream-batches.ts';
import { isStream, type Rows } from '../rows/rows.ts';

/** Rows that are looked at. */
const SAMPLE = 64;

/** What tells one set of rows from another: their number where it is known, and a hash over some of them. */
export interface Fingerprint {
  readonly rows: number | null;
  readonly sample: string;
}

/** Evenly spaced rows are looked at; of a stream its first ones. */
export async function fingerprint(rows: Rows): Promise<Fingerprint> {
  const batch = isStream(rows) ? await firstRows(rows) : someRows(rows);
  const arrays = arraysOf(batch).map(({ of }) => of(batch)!);
  return { rows: rows.size ?? null, sample: hash(arrays) };
}

function someRows(examples: Examples): Batch {
  const { size } = examples;
  const count = Math.min(SAMPLE, size);
  return examples.batch(Uint32Array.from({ length: count }, (_, i) => Math.floor((i * size) / count)));
}

async function firstRows(stream: ExampleStream): Promise<Batch> {
  for await (const batch of batchesInOrder(stream, 1, SAMPLE)) return batch;
  return fail({ expected: 'rows in the stream', received: 'none', mend: 'Look at its source.' });
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
