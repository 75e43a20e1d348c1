import type { Tasks } from '../tasks/tasks.ts';
import { BATCH_PARTS, byPart, type ArrayOf, type BatchPart, type FeatureArrays, type Layout } from './layout.ts';
import type { Schema } from './schema.ts';

/**
 * Encoded rows as plain arrays, row-major: what a model reads, on any engine. Features stand in `numeric`, `ids`, `bagIds`
 * and `bagWeights`; see {@link BATCH_PARTS}.
 */
export interface Batch extends FeatureArrays {
  readonly size: number;
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

type Numbers = ArrayOf[keyof ArrayOf];

const ARRAYS = { float32: Float32Array, int32: Int32Array };

/**
 * A batch of zeros. No row has a label yet: the weights of the tasks are 0.
 *
 * @param tasks the tasks that it has labels and weights for; none by default
 * @example const batch = emptyBatch(32, model.layout, model.taskNames);
 */
export function emptyBatch(size: number, layout: Layout, tasks: readonly string[] = []): Batch {
  const column = () => Object.fromEntries(tasks.map((task) => [task, new Float32Array(size)]));
  const features = byPart((name, dtype) => new ARRAYS[dtype](size * BATCH_PARTS[name].width(layout))) as FeatureArrays;
  return { size, ...features, labels: column(), weights: column() };
}

/** One array of a batch: a part of the features, or a task's labels or weights. */
export interface BatchArray {
  /** Such as `numeric` or `labels.income`. */
  readonly name: string;
  /** Numbers a row. */
  readonly width: number;
  readonly of: (batch: Batch) => Numbers | undefined;
}

/** All arrays that a batch of a layout has: features, then labels, then weights. */
export const batchArrays = (layout: Layout, tasks: readonly string[]): BatchArray[] =>
  arrays((name) => BATCH_PARTS[name].width(layout), tasks);

/** All arrays that a batch has, in the same order. */
export const arraysOf = (batch: Batch): BatchArray[] =>
  arrays((name) => widthIn(batch, batch[name]), Object.keys(batch.labels));

function arrays(widthOf: (part: BatchPart) => number, tasks: readonly string[]): BatchArray[] {
  const column = (of: 'labels' | 'weights') =>
    tasks.map((task): BatchArray => ({ name: `${of}.${task}`, width: 1, of: (batch) => batch[of][task] }));
  // a batch from elsewhere may lack a part
  const feature = (name: BatchPart): BatchArray => ({
    name,
    width: widthOf(name),
    of: (batch) => batch[name] as Numbers | undefined,
  });
  return [...Object.values(byPart(feature)), ...column('labels'), ...column('weights')];
}

const widthIn = ({ size }: Batch, { length }: Numbers): number => (size === 0 ? 0 : length / size);

/**
 * A batch of `size` rows, each array of which is made from another batch's.
 *
 * @param make is given an array and its numbers a row
 */
export function mapBatch(batch: Batch, size: number, make: <A extends Numbers>(array: A, width: number) => A): Batch {
  const each = <A extends Numbers>(array: A): A => make(array, widthIn(batch, array));
  const columns = (record: Batch['labels']) =>
    Object.fromEntries(Object.entries(record).map(([task, array]) => [task, each(array)]));
  const features = byPart((name) => each(batch[name] as Numbers)) as FeatureArrays;
  return { size, ...features, labels: columns(batch.labels), weights: columns(batch.weights) };
}

/** An array of zeros of the same type. */
export const zerosLike = <A extends Numbers>(array: A, length: number): A =>
  (array instanceof Float32Array ? new Float32Array(length) : new Int32Array(length)) as A;

/** Rows `from` … `to` − 1 of a batch as a batch; nothing is copied. */
export const sliceBatch = (batch: Batch, from: number, to: number): Batch =>
  from === 0 && to === batch.size
    ? batch
    : mapBatch(
        batch,
        to - from,
        <A extends Numbers>(array: A, width: number) => array.subarray(from * width, to * width) as A,
      );

/** A copy of a batch with rows of zeros after its own, `size` together. */
export const padBatch = (batch: Batch, size: number): Batch =>
  mapBatch(batch, size, (array, width) => {
    const padded = zerosLike(array, size * width);
    padded.set(array);
    return padded;
  });

/**
 * Encoded rows that can only be read from the first to the last, as often as they are asked for: data larger than memory.
 * `fit` and `evaluate` take it where they take {@link Examples}.
 */
export interface ExampleStream<T extends Tasks = Tasks> {
  readonly schema: Schema<T>;
  /** Rows of an epoch, where they are known without being read. */
  readonly size?: number | undefined;
  /** Whether the rows come in a random order already, so that `fit` doesn't shuffle them. */
  readonly shuffled?: boolean | undefined;
  /**
   * The rows of an epoch in pieces of any size. The same epoch gives the same rows in the same order each time: a resumed run
   * reads them again up to its place.
   *
   * @param epoch from 1; a source that is the same in every epoch does not read it
   */
  chunks(epoch: number): AsyncIterable<Batch>;
}
