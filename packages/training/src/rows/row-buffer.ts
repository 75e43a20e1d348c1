import { fail, layoutOf, type Batch, type Schema } from '@polytask/core';

/** Room for so many encoded rows, in the arrays of a {@link Batch}. */
export class RowBuffer {
  readonly #arrays: readonly Column[];
  readonly #assemble: (rows: number) => Batch;

  constructor(schema: Schema, capacity: number) {
    const layout = layoutOf(schema);
    const floats = (width: number) => new Float32Array(capacity * width);
    const ids = (width: number) => new Int32Array(capacity * width);
    const tasks = Object.keys(schema.tasks);
    const own = {
      numeric: floats(layout.numeric),
      ids: ids(layout.fields),
      bagIds: ids(layout.slots),
      bagWeights: floats(layout.slots),
      labels: tasks.map(() => floats(1)),
      weights: tasks.map(() => floats(1)),
    };
    const columns: Column[] = [
      { name: 'numeric', width: layout.numeric, to: own.numeric, of: (batch) => batch.numeric },
      { name: 'ids', width: layout.fields, to: own.ids, of: (batch) => batch.ids },
      { name: 'bagIds', width: layout.slots, to: own.bagIds, of: (batch) => batch.bagIds },
      { name: 'bagWeights', width: layout.slots, to: own.bagWeights, of: (batch) => batch.bagWeights },
      ...tasks.map((task, t): Column => ({
        name: `labels.${task}`,
        width: 1,
        to: own.labels[t]!,
        of: ({ labels }) => labels[task],
      })),
      ...tasks.map((task, t): Column => ({
        name: `weights.${task}`,
        width: 1,
        to: own.weights[t]!,
        of: ({ weights }) => weights[task],
      })),
    ];
    this.#arrays = columns.filter(({ width }) => width > 0);
    this.#assemble = (rows) => ({
      size: rows,
      numeric: own.numeric.subarray(0, rows * layout.numeric),
      ids: own.ids.subarray(0, rows * layout.fields),
      bagIds: own.bagIds.subarray(0, rows * layout.slots),
      bagWeights: own.bagWeights.subarray(0, rows * layout.slots),
      labels: Object.fromEntries(tasks.map((task, t) => [task, own.labels[t]!.subarray(0, rows)])),
      weights: Object.fromEntries(tasks.map((task, t) => [task, own.weights[t]!.subarray(0, rows)])),
    });
  }

  /** Copies rows of a batch to a place of this buffer. */
  copy(from: Batch, start: number, at: number, count = 1): void {
    for (const { width, to, of } of this.#arrays) {
      const source = of(from)!;
      if (count * width > 8) {
        to.set(source.subarray(start * width, (start + count) * width), at * width);
        continue;
      }
      for (let i = 0; i < count * width; i++) to[at * width + i] = source[start * width + i]!; // faster than a view for a few
    }
  }

  /** The first rows as a batch, which shares this buffer's memory. */
  batch(rows: number): Batch {
    return this.#assemble(rows);
  }

  /** Throws unless a piece of a stream has the rows that it says, all of them whole. */
  check(chunk: Batch): void {
    for (const { name, width, of } of this.#arrays) {
      const length = of(chunk)?.length;
      if (length === chunk.size * width) continue;
      fail({
        expected: `${chunk.size} × ${width} numbers as ${name} in a piece of the stream`,
        received: length === undefined ? 'none' : String(length),
        mend: 'Mend what gives the stream: each of its pieces has to be encoded with its schema.',
      });
    }
  }
}

interface Column {
  readonly name: string;
  readonly width: number;
  readonly to: Float32Array | Int32Array;
  readonly of: (batch: Batch) => Float32Array | Int32Array | undefined;
}
