import { fail, shown, sum } from '@polytask/components';
import type { Tasks } from '../tasks/tasks.ts';
import { BATCH_PARTS, byPart, type ArrayOf, type BatchPart, type FeatureArrays, type Layout } from './layout.ts';
import type { Schema } from './schema.ts';

/**
 * Encoded rows as plain row-major arrays, which models read on every engine. The features are in the parts of
 * {@link BATCH_PARTS}. Labels and weights are those of all tasks, one task after the other; {@link labelsOf} has those of one.
 */
export interface Batch extends FeatureArrays {
  /** The number of rows. */
  readonly size: number;
  /** The names of the tasks with labels and weights, in the order of the schema. */
  readonly tasks: readonly string[];
  /** 0 or 1, the index of a class, or a number, [tasks × size]. Labels with weight 0 are ignored. */
  readonly labels: Float32Array;
  /** The sample weight, [tasks × size]; 0 where the label is missing. */
  readonly weights: Float32Array;
  /** The number of each row's group, such as its user, [size]. A row with a number below 0 is a group of its own. Default: no groups. */
  readonly groups?: Int32Array;
}

export type Labels = Pick<Batch, 'size' | 'tasks' | 'labels' | 'weights'>;

/**
 * The labels and weights of one task, [size] each. They are views: who writes into them writes into the batch.
 *
 * @throws PolytaskError when the batch has no labels of the task
 * @example labelsOf(batch, 'income').labels.reduce((sum, label) => sum + label, 0)
 */
export function labelsOf(batch: Labels, task: string): Pick<Batch, 'labels' | 'weights'> {
  const [labels, weights] = [columnOf(batch, 'labels', task), columnOf(batch, 'weights', task)];
  if (labels && weights) return { labels, weights };
  return fail({
    expected: `labels of task "${task}" in the batch`,
    received: `those of ${shown(batch.tasks)}`,
    fix: 'Encode the rows with labels of this task.',
  });
}

function columnOf(batch: Labels, of: 'labels' | 'weights', task: string): Float32Array | undefined {
  const place = batch.tasks?.indexOf(task) ?? -1; // examples that a user wrote may lack it
  return place < 0 ? undefined : batch[of].subarray(place * batch.size, (place + 1) * batch.size);
}

/**
 * The labels and weights of these tasks, in this order. They are the batch's own arrays where it has the same tasks.
 *
 * @throws PolytaskError when the batch has no labels of a task
 * @example labelsInOrder(batch, model.taskNames).labels // [tasks × size]
 */
export function labelsInOrder(batch: Labels, tasks: readonly string[]): Labels {
  const { size } = batch;
  if (tasks.length === batch.tasks.length && tasks.every((task, t) => task === batch.tasks[t])) return batch;
  const [labels, weights] = [new Float32Array(tasks.length * size), new Float32Array(tasks.length * size)];
  tasks.forEach((task, t) => {
    labels.set(labelsOf(batch, task).labels, t * size);
    weights.set(labelsOf(batch, task).weights, t * size);
  });
  return { size, tasks, labels, weights };
}

/**
 * Sets labels to 0 where the weight is 0. A NaN label would otherwise reach the loss, because NaN × 0 is NaN.
 *
 * @example knownLabels(Float32Array.of(1, NaN), Float32Array.of(1, 0)) // [1, 0]
 */
export const knownLabels = (labels: Float32Array, weights: Float32Array): Float32Array =>
  weights.includes(0) ? labels.map((label, i) => (weights[i] === 0 ? 0 : label)) : labels;

/**
 * Gives each row without a group, a number below 0, a number that no other row has.
 *
 * @example distinctGroups(Int32Array.of(5, -1, 5, -1)) // [5, -2, 5, -4]
 */
export const distinctGroups = (groups: Int32Array): Int32Array =>
  groups.map((group, row) => (group < 0 ? ~row : group));

/** Encoded rows that can be read in any order, such as a table. `fit` and `evaluate` take them. */
export interface Examples<T extends Tasks = Tasks, F extends string = string> {
  readonly schema: Schema<T, F>;
  readonly size: number;
  /** The rows with these indices, in this order. */
  batch(rows: ArrayLike<number>): Batch;
}

type Numbers = ArrayOf[keyof ArrayOf];

const ARRAYS = { float32: Float32Array, int32: Int32Array };

/**
 * A batch of zeros. No row has a label yet: the weights of the tasks are 0.
 *
 * @throws PolytaskError when a part of the batch has more numbers than an array can hold
 * @example const batch = emptyBatch(32, model.layout, model.taskNames);
 */
export function emptyBatch(size: number, layout: Layout, tasks: readonly string[] = []): Batch {
  const features = byPart((name, dtype) => {
    const width = BATCH_PARTS[name].width(layout);
    if (size * width <= MOST_NUMBERS) return new ARRAYS[dtype](size * width);
    return fail({
      expected: `at most ${MOST_NUMBERS} numbers in a part`,
      received: `${size} rows of ${width}`,
      fix: 'Lower a width or a maxLength, or read a stream.',
    });
  }) as FeatureArrays;
  const labels = () => new Float32Array(tasks.length * size);
  return { size, tasks, ...features, labels: labels(), weights: labels() };
}

const MOST_NUMBERS = 2 ** 31;

/** One array of a batch: a part of the features, the labels or weights of a task, or the groups. */
export interface BatchArray {
  /** For example `numeric` or `labels.income`. */
  readonly name: string;
  /** How many numbers a row has in the array. */
  readonly width: number;
  readonly of: (batch: Batch) => Numbers | undefined;
}

export const GROUPS: BatchArray = { name: 'groups', width: 1, of: (batch) => batch.groups };

/** All arrays of a batch with this layout: features, then `labels.NAME`, then `weights.NAME`. {@link GROUPS} are not among them. */
export const batchArrays = (layout: Layout, tasks: readonly string[]): BatchArray[] =>
  arrays((name) => BATCH_PARTS[name].width(layout), tasks);

/** All arrays of this batch, in the order of {@link batchArrays}, then {@link GROUPS} if it has groups. */
export const arraysOf = (batch: Batch): BatchArray[] => [
  ...arrays((name) => widthIn(batch, batch[name]), batch.tasks),
  ...(batch.groups ? [GROUPS] : []),
];

function arrays(widthOf: (part: BatchPart) => number, tasks: readonly string[]): BatchArray[] {
  const column = (of: 'labels' | 'weights') =>
    tasks.map((task): BatchArray => ({ name: `${of}.${task}`, width: 1, of: (batch) => columnOf(batch, of, task) }));
  // a batch that a user built may lack a part
  const feature = (name: BatchPart): BatchArray => ({
    name,
    width: widthOf(name),
    of: (batch) => batch[name] as Numbers | undefined,
  });
  return [...Object.values(byPart(feature)), ...column('labels'), ...column('weights')];
}

const widthIn = ({ size }: Batch, { length }: Numbers): number => (size === 0 ? 0 : length / size);

/**
 * Creates a batch of `size` rows, and fills each of its arrays from the array of another batch.
 *
 * @param copy copies numbers into zeros, given how many numbers a row has. Labels and weights come task by task
 * @example copyBatch(batch, batch.size, (from, to) => to.set(from)) // a copy
 */
export function copyBatch(
  batch: Batch,
  size: number,
  copy: <A extends Numbers>(from: A, to: A, width: number) => void,
): Batch {
  const each = <A extends Numbers>(from: A, blocks = 1): A => {
    const width = widthIn(batch, from) / blocks || 0;
    const to = new (from.constructor as new (length: number) => A)(blocks * size * width);
    const block = (array: A, rows: number, b: number) => array.subarray(b * rows * width, (b + 1) * rows * width) as A;
    for (let b = 0; b < blocks; b++) copy(block(from, batch.size, b), block(to, size, b), width);
    return to;
  };
  const { tasks, groups } = batch;
  return {
    size,
    tasks,
    ...(byPart((name) => each(batch[name] as Numbers)) as FeatureArrays),
    labels: each(batch.labels, tasks.length),
    weights: each(batch.weights, tasks.length),
    ...(groups && { groups: each(groups) }),
  };
}

/** Rows `from` … `to` − 1 of a batch: views of the features, and copies of labels and weights. @example sliceBatch(batch, 0, 10).size // 10 */
export function sliceBatch(batch: Batch, from: number, to: number): Batch {
  const { tasks, size, groups } = batch;
  if (from === 0 && to === size) return batch;
  const view = <A extends Numbers>(array: A): A => {
    const width = widthIn(batch, array);
    return array.subarray(from * width, to * width) as A;
  };
  const ofTasks = (array: Float32Array): Float32Array => {
    const part = new Float32Array(tasks.length * (to - from));
    tasks.forEach((_, t) => part.set(array.subarray(t * size + from, t * size + to), t * (to - from)));
    return part;
  };
  return {
    size: to - from,
    tasks,
    ...(byPart((name) => view(batch[name] as Numbers)) as FeatureArrays),
    labels: ofTasks(batch.labels),
    weights: ofTasks(batch.weights),
    ...(groups && { groups: groups.subarray(from, to) }),
  };
}

/** Copies a batch and pads it with rows of zeros, up to `size` rows. @example padBatch(sliceBatch(batch, 0, 10), 32).size // 32 */
export const padBatch = (batch: Batch, size: number): Batch =>
  copyBatch(batch, size, (array, padded) => padded.set(array));

/** The rows of several batches of one layout in one batch, in order, without labels. */
export function joinBatches(batches: readonly Batch[], layout: Layout): Batch {
  const joined = emptyBatch(
    sum(batches, ({ size }) => size),
    layout,
  );
  for (const { width, of } of batchArrays(layout, [])) {
    let row = 0;
    for (const batch of batches) {
      of(joined)!.set(of(batch)!, row * width);
      row += batch.size;
    }
  }
  return joined;
}

/** Encoded rows that are read in sequence, once per epoch: data larger than memory. `fit` and `evaluate` take it as {@link Examples}. */
export interface ExampleStream<T extends Tasks = Tasks> {
  readonly schema: Schema<T>;
  /** The number of rows in an epoch, if it is known in advance. */
  readonly size?: number | undefined;
  /** Whether the stream shuffles its rows. If it does, `fit` does not. */
  readonly shuffled?: boolean | undefined;
  /** Whether all chunks have `groups`. `evaluate` then measures GAUC by them. */
  readonly grouped?: boolean | undefined;
  /**
   * The rows of an epoch, in chunks of any size. The same epoch must give the same rows in the same order each time: a
   * resumed run reads the epoch again, up to the row where it stopped.
   *
   * @param epoch from 1; a stream whose epochs are all equal may ignore it
   */
  chunks(epoch: number): AsyncIterable<Batch>;
}
