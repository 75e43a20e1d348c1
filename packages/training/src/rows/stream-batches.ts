import { permutation, randomStream, type Batch, type ExampleStream } from '@polytask/core';
import { RowBuffer } from './row-buffer.ts';

/**
 * Batches of `batchSize` rows in the order of the stream. The last batch may be smaller. Batches cross the borders of chunks.
 *
 * @param grouped whether the batches need the groups of the rows
 */
export async function* batchesInOrder(
  stream: ExampleStream,
  epoch: number,
  batchSize: number,
  grouped = false,
): AsyncGenerator<Batch, void, undefined> {
  const bufferOf = (rows: number) => new RowBuffer(stream.schema, rows, grouped);
  const cutter = new BatchCutter(bufferOf, batchSize);
  const checker = bufferOf(0);
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
 * Batches of a stream that is shuffled in a buffer. Each row of the stream replaces a random row of the buffer, and the replaced
 * row goes into a batch. At the end, the rows of the buffer follow in a random order. The order depends on the seed and the
 * epoch alone, and not on the chunks of the stream.
 *
 * @param bufferRows the rows in the buffer. With as many rows as the stream has, all orders are equally probable
 */
export async function* batchesShuffled(
  stream: ExampleStream,
  epoch: number,
  batchSize: number,
  { bufferRows, seed }: { bufferRows: number; seed: number },
): AsyncGenerator<Batch, void, undefined> {
  const bufferOf = (rows: number) => new RowBuffer(stream.schema, rows);
  const cutter = new BatchCutter(bufferOf, batchSize);
  const capacity = Math.min(bufferRows, stream.size ?? Infinity);
  const buffer = bufferOf(capacity);
  const bufferBatch = buffer.batch(capacity);
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
      cutter.add(bufferBatch, at, 1);
      buffer.copy(chunk, row, at);
      if (cutter.isFull) yield cutter.flush();
    }
  }
  for (const at of permutation(random, filled)) {
    cutter.add(bufferBatch, at, 1);
    if (cutter.isFull) yield cutter.flush();
  }
  if (cutter.size > 0) yield cutter.flush();
}

/** Assembles rows into batches. Each batch has its own memory. */
class BatchCutter {
  readonly #bufferOf: (rows: number) => RowBuffer;
  readonly #batchSize: number;
  #out: RowBuffer;
  #size = 0;

  constructor(bufferOf: (rows: number) => RowBuffer, batchSize: number) {
    this.#bufferOf = bufferOf;
    this.#batchSize = batchSize;
    this.#out = bufferOf(batchSize);
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size === this.#batchSize;
  }

  /** Adds rows until the batch is full. Returns the number of added rows. */
  add(from: Batch, row: number, count: number): number {
    const part = Math.min(count, this.#batchSize - this.#size);
    this.#out.copy(from, row, this.#size, part);
    this.#size += part;
    return part;
  }

  flush(): Batch {
    const batch = this.#out.batch(this.#size);
    this.#out = this.#bufferOf(this.#batchSize);
    this.#size = 0;
    return batch;
  }
}

const DRAWS = 4096;

/** Draws integers below `bound`, in blocks of {@link DRAWS}. */
function drawer(random: ReturnType<typeof randomStream>, bound: number): () => number {
  let draws: Float32Array = new Float32Array(0);
  let next = 0;
  return () => {
    if (next === draws.length) [draws, next] = [random.uniform(DRAWS), 0];
    return Math.min(Math.floor(draws[next++]! * bound), bound - 1); // a float32 may be rounded up to 1
  };
}
