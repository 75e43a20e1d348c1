import {
  permutation,
  randomStream,
  type Batch,
  type ExampleStream,
  emptyBatch,
  fail,
  layoutOf,
  type Schema,
  batchArrays,
  GROUPS,
  sliceBatch,
} from '@polytask/core';

/** Batches in the order of the stream, across chunks. The last one may be smaller. @param grouped whether they need the groups of the rows */
export async function* batchesInOrder(stream: ExampleStream, epoch: number, batchSize: number, grouped = false) {
  const bufferOf = (rows: number) => rowBuffer(stream.schema, rows, grouped);
  const cutter = batchCutter(bufferOf, batchSize);
  const checker = bufferOf(0);
  for await (const chunk of stream.chunks(epoch)) {
    checker.check(chunk);
    for (let row = 0; row < chunk.size;) {
      row += cutter.add(chunk, row, chunk.size - row);
      if (cutter.isFull()) yield cutter.flush();
    }
  }
  if (!cutter.isEmpty()) yield cutter.flush();
}

/** Each row replaces a random row of the buffer, which goes into a batch. The order depends on the seed and the epoch, not on the chunks. */
export async function* batchesShuffled(
  stream: ExampleStream,
  epoch: number,
  batchSize: number,
  { bufferRows, seed }: { bufferRows: number; seed: number },
): AsyncGenerator<Batch, void, undefined> {
  const bufferOf = (rows: number) => rowBuffer(stream.schema, rows);
  const cutter = batchCutter(bufferOf, batchSize);
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
      if (cutter.isFull()) yield cutter.flush();
    }
  }
  for (const at of permutation(random, filled)) {
    cutter.add(bufferBatch, at, 1);
    if (cutter.isFull()) yield cutter.flush();
  }
  if (!cutter.isEmpty()) yield cutter.flush();
}

function batchCutter(bufferOf: (rows: number) => ReturnType<typeof rowBuffer>, batchSize: number) {
  let [out, size] = [bufferOf(batchSize), 0];
  return {
    isEmpty: () => size === 0,
    isFull: () => size === batchSize,
    /** Adds rows until the batch is full. Returns the number of added rows. */
    add(from: Batch, row: number, count: number): number {
      const part = Math.min(count, batchSize - size);
      out.copy(from, row, size, part);
      size += part;
      return part;
    },
    flush(): Batch {
      const batch = out.batch(size);
      [out, size] = [bufferOf(batchSize), 0];
      return batch;
    },
  };
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

export function rowBuffer(schema: Schema, capacity: number, grouped = false) {
  const [layout, tasks] = [layoutOf(schema), Object.keys(schema.tasks)];
  const all = { ...emptyBatch(capacity, layout, tasks), ...(grouped && { groups: new Int32Array(capacity) }) };
  const arrays = [...batchArrays(layout, tasks), ...(grouped ? [GROUPS] : [])].flatMap((array) =>
    array.width > 0 ? [{ ...array, to: array.of(all)! }] : [],
  );
  return {
    /** Copies `count` rows of a batch, from row `start` on, to row `at` of this buffer. */
    copy(from: Batch, start: number, at: number, count = 1): void {
      for (const { width, to, of } of arrays) {
        const source = of(from)!;
        if (count * width > 8) {
          to.set(source.subarray(start * width, (start + count) * width), at * width);
          continue;
        }
        for (let i = 0; i < count * width; i++) to[at * width + i] = source[start * width + i]!; // faster than a view for few numbers
      }
    },
    /** The first rows as a batch. The batch shares the memory of this buffer. */
    batch: (rows: number): Batch => sliceBatch(all, 0, rows),
    check(chunk: Batch): void {
      for (const { name, width, of } of arrays) {
        const length = of(chunk)?.length;
        if (length === chunk.size * width) continue;
        fail({
          expected: `${chunk.size} × ${width} numbers as ${name} in a piece of the stream`,
          received: length === undefined ? 'none' : String(length),
          fix: 'Encode each piece with its schema, and with groups if a loss compares rows.',
        });
      }
    },
  };
}
