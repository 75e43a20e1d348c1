import {
  emptyBatch,
  fail,
  layoutOf,
  batchArrays,
  GROUPS,
  sliceBatch,
  type Batch,
  type BatchArray,
  type Schema,
} from '@polytask/core';

/** A buffer for encoded rows, in the arrays of a {@link Batch}. */
export class RowBuffer {
  readonly #rows: Batch;
  readonly #arrays: readonly (BatchArray & { readonly to: Float32Array | Int32Array })[];

  /** @param grouped whether the rows have groups */
  constructor(schema: Schema, capacity: number, grouped = false) {
    const [layout, tasks] = [layoutOf(schema), Object.keys(schema.tasks)];
    const rows = { ...emptyBatch(capacity, layout, tasks), ...(grouped && { groups: new Int32Array(capacity) }) };
    this.#rows = rows;
    this.#arrays = [...batchArrays(layout, tasks), ...(grouped ? [GROUPS] : [])].flatMap((array) =>
      array.width > 0 ? [{ ...array, to: array.of(rows)! }] : [],
    );
  }

  /** Copies `count` rows of a batch, from row `start` on, to row `at` of this buffer. */
  copy(from: Batch, start: number, at: number, count = 1): void {
    for (const { width, to, of } of this.#arrays) {
      const source = of(from)!;
      if (count * width > 8) {
        to.set(source.subarray(start * width, (start + count) * width), at * width);
        continue;
      }
      for (let i = 0; i < count * width; i++) to[at * width + i] = source[start * width + i]!; // faster than a view for few numbers
    }
  }

  /** The first rows as a batch. The batch shares the memory of this buffer. */
  batch(rows: number): Batch {
    return sliceBatch(this.#rows, 0, rows);
  }

  /** @throws PolytaskError when an array of a chunk doesn't have the length that its number of rows requires */
  check(chunk: Batch): void {
    for (const { name, width, of } of this.#arrays) {
      const length = of(chunk)?.length;
      if (length === chunk.size * width) continue;
      fail({
        expected: `${chunk.size} × ${width} numbers as ${name} in a piece of the stream`,
        received: length === undefined ? 'none' : String(length),
        fix: 'Encode each piece with its schema, and with groups if a loss compares rows.',
      });
    }
  }
}
