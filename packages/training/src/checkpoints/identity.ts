import {
  fail,
  PolytaskError,
  arraysOf,
  type Batch,
  type Examples,
  type ExampleStream,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';
import { differences } from '../differences.ts';
import { isStream, type BatchSettings, type RowSource } from '../rows/rows.ts';
import { batchesInOrder } from '../rows/stream-batches.ts';

/** The options that decide the results of a run. The number of epochs is not among them, as a resumed run may add epochs. */
interface RunSettings extends Omit<BatchSettings, 'shuffleBuffer' | 'grouped'> {
  /** Only for a stream. */
  readonly shuffleBuffer?: number;
  readonly optimizer: object;
  readonly clip: object;
  readonly stopping: object | undefined;
}

/** The model, rows, options and own code of a run, as plain JSON. A checkpoint can only be resumed by a run with the same identity. */
export type Identity = Readonly<Record<string, unknown>>;

export async function identityOf<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: { train: RowSource<T>; validation: RowSource<T> | undefined },
  settings: RunSettings,
  code: string | undefined,
): Promise<Identity> {
  return {
    model: model.config,
    'training rows': await fingerprint(rows.train),
    'validation rows': rows.validation ? await fingerprint(rows.validation) : null,
    options: settings,
    ...(code !== undefined && { code }),
  };
}

/**
 * Compares the identity of a checkpoint with the identity of the run.
 *
 * @param place the name of the checkpoint in errors
 * @throws PolytaskError that names the differences in the model, the rows, the options or the code
 */
export function checkIdentity(saved: Identity, own: Identity, place: string): void {
  const list = differences(saved, own);
  if (list.length === 0) return;
  const texts = list.map(({ path, expected, received }) => `${path}: ${expected} there, ${received} here`);
  throw new PolytaskError(
    `The checkpoint ${place} is of another run: ${texts.join('; ')}. Resume with the model, rows, options and code of that run, ` +
      'or train anew in another directory.',
  );
}

/** The number of rows in a hash. */
const SAMPLE = 64;

/** The number of rows, where that is known, and a hash of evenly spaced rows, or of the first rows of a stream. */
async function fingerprint(rows: RowSource): Promise<{ readonly rows: number | null; readonly sample: string }> {
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
  return fail({ expected: 'rows in the stream', received: 'none', fix: 'Look at its source.' });
}

/** A hash of 64 bits in hexadecimal: FNV-1a over 32-bit words, from two different starts. */
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
