import { randomStream, type Batch, type ExampleStream, type Schema } from '@polytask/core';
import { RowBuffer } from './row-buffer.ts';

/** Batches of exactly so many rows in the stream's order, across the borders of its pieces; the last one may have fewer. */
export async function* batchesInOrder(
  stream: ExampleStream,
  epoch: number,
  batchSize: number,
): AsyncGenerator<Batch, void, undefined> {
  const cutter = new BatchCutter(stream, batchSize);
  const checker = new RowBuffer(stream.schema, 0);
  for await (const chunk of stream.chunks(epoch)) {
    checker.check(chunk);
    for (let row = 0; row < chunk.size;) {
      row += cutter.add(chunk, row, chunk.size - row);
      if (cutter.isFull) yield cutter.flush();
    }
  }
  if (cutter.size > 0) yield cutter.flush();
}

/**
 * The same, shuffled by a buffer: each row that comes takes the place of one that is drawn from the buffer, and goes; the
 * rows that are left at the end come in a random order. Which depends on the seed and the epoch alone, and not on how the
 * stream is cut into pieces.
 *
 * @param bufferRows rows in the buffer; as many as the stream has give any order the same chance
 */
export async function* batchesShuffled(
  stream: ExampleStream,
  epoch: number,
  batchSize: number,
  { bufferRows, seed }: { bufferRows: number; seed: number },
): AsyncGenerator<Batch, void, undefined> {
  const cutter = new BatchCutter(stream, batchSize);
  const capacity = Math.min(bufferRows, stream.size ?? Infinity);
  const buffer = new RowBuffer(stream.schema, capacity);
  const held = buffer.batch(capacity);
  const random = randomStream(seed, `shuffle.stream.${epoch}`);
  const draw = drawer(random, capacity);
  let filled = 0;
  for await (const chunk of stream.chunks(epoch)) {
    buffer.check(chunk);
    const first = Math.min(capacity - filled, chunk.size);
    buffer.copy(chunk, 0, filled, first);
    filled += first;
    for (let row = first; row < chunk.size; row++) {
      const at = draw();
      cutter.add(held, at, 1);
      buffer.copy(chunk, row, at);
      if (cutter.isFull) yield cutter.flush();
    }
  }
  for (const at of random.permutation(filled)) {
    cutter.add(held, at, 1);
    if (cutter.isFull) yield cutter.flush();
  }
  if (cutter.size > 0) yield cutter.flush();
}

/** Puts rows together to batches with memory of their own. */
class BatchCutter {
  readonly #schema: Schema;
  readonly #batchSize: number;
  #out: RowBuffer;
  #size = 0;

  constructor({ schema }: ExampleStream, batchSize: number) {
    this.#schema = schema;
    this.#batchSize = batchSize;
    this.#out = new RowBuffer(schema, batchSize);
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size === this.#batchSize;
  }

  /** Takes as many of these rows as there is room for, and says how many that were. */
  add(from: Batch, row: number, count: number): number {
    const part = Math.min(count, this.#batchSize - this.#size);
    this.#out.copy(from, row, this.#size, part);
    this.#size += part;
    return part;
  }

  flush(): Batch {
    const batch = this.#out.batch(this.#size);
    this.#out = new RowBuffer(this.#schema, this.#batchSize);
    this.#size = 0;
    return batch;
  }
}

const DRAWS = 4096;

/** Whole numbers below `bound`, drawn some thousand at a time. */
function drawer(random: ReturnType<typeof randomStream>, bound: number): () => number {
  let draws: Float32Array = new Float32Array(0);
  let next = 0;
  return () => {
    if (next === draws.length) [draws, next] = [random.uniform(DRAWS), 0];
    return Math.min(Math.floor(draws[next++]! * bound), bound - 1); // a float32 may have been rounded up to 1
  };
}
