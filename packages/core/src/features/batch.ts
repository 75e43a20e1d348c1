import type { Tasks } from '../tasks/tasks.ts';
import type { Layout } from './layout.ts';
import type { Schema } from './schema.ts';

/** Encoded rows as plain arrays, row-major: what a model reads, on any engine. */
export interface Batch {
  readonly size: number;
  /** [size × layout.numeric] */
  readonly numeric: Float32Array;
  /** [size × layout.fields], rows of the one embedding table */
  readonly ids: Int32Array;
  /** [size × layout.slots], rows of the same table */
  readonly bagIds: Int32Array;
  /** [size × layout.slots]; 0 in empty slots */
  readonly bagWeights: Float32Array;
  /** By task, [size]: 0 or 1, a class's index, or a number. Whatever stands where the weight is 0 is not read. */
  readonly labels: Readonly<Record<string, Float32Array>>;
  /** By task, [size]: the sample weight; 0 where the label is missing. */
  readonly weights: Readonly<Record<string, Float32Array>>;
}

/** Encoded rows that can be read in any order: what `fit` and `evaluate` take. A table is one. */
export interface Examples<T extends Tasks = Tasks> {
  readonly schema: Schema<T>;
  readonly size: number;
  /** The rows with these numbers, in this order. */
  batch(rows: ArrayLike<number>): Batch;
}

/** A batch of zeros, without labels. */
export const emptyBatch = (size: number, layout: Layout): Batch => ({
  size,
  numeric: new Float32Array(size * layout.numeric),
  ids: new Int32Array(size * layout.fields),
  bagIds: new Int32Array(size * layout.slots),
  bagWeights: new Float32Array(size * layout.slots),
  labels: {},
  weights: {},
});
