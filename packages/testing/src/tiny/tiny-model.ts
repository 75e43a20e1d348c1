import { mapValues, recordOf } from '@polytask/components';
import {
  labelsOf,
  lossesOf,
  binary,
  denseSchema,
  multiTaskModel,
  streamCounters,
  taskLossAt,
  madeUpLabel,
  groupedTasks,
  type Batch,
  type BatchTensors,
  type Examples,
  type ModelDeclaration,
  type MultiTaskModel,
  type NetworkSpec,
  type Schema,
  type Task,
  type Tasks,
  emptyBatch,
  randomStream,
  copyBatch,
  rowWriter,
  type Layout,
} from '@polytask/core';
import { labelsIn } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import '@polytask/training/gradients';
import '@tensorflow/tfjs-backend-cpu';
import type { Numbers } from '../cases/agreement.ts';
import { tinyNetwork } from './parts.ts';

/**
 * Normally distributed rows that depend on the arguments alone. [count][width]
 *
 * @param name of the random stream; another name gives other rows
 * @example tinyRows(2, 3); // two rows of three numbers
 */
export function tinyRows(count: number, width = 3, name = 'rows'): number[][] {
  const stream = randomStream(1, name);
  return Array.from({ length: count }, () => [...stream.normal(width)]);
}

/** The width of the feature `x` of tiny models. */
export const WIDTH = 3;

/**
 * Rows with a value for each feature: normally distributed numbers, and categories that are drawn from all that the feature has.
 * They depend on the layout and their index alone.
 *
 * @param tasks the tasks that have labels, which are 0 with weight 0. Default: none
 */
export function tinyFeatures(size: number, layout: Layout, tasks: readonly string[] = []): Batch {
  const batch = emptyBatch(size, layout, tasks);
  batch.numeric.set(tinyRows(size, layout.numeric).flat());
  batch.bagNumbers.set(tinyRows(size, layout.numberSlots, 'side numbers').flat());
  batch.bagWeights.fill(0.5);
  for (const { values, ...own } of layout.places) {
    const place = values ?? own;
    if (!place.table) continue;
    const { part, width, table } = place;
    const write = rowWriter(place, layout);
    const stream = randomStream(1, `codes of ${place.name}`);
    for (let row = 0; row < size; row++) {
      const codes = stream.uniform(width, 0, table.codes.count);
      // a feature with one id has one code, whose vectors have rows of their own
      for (let slot = 0; slot < width; slot++) write(batch, row, slot, Math.floor(codes[part === 'ids' ? 0 : slot]!));
    }
  }
  return batch;
}

/** The rows of a batch with these indices. */
export const pickRows = (batch: Batch, rows: ArrayLike<number>): Batch =>
  copyBatch(batch, rows.length, (array, picked, width) => {
    for (let i = 0; i < rows.length; i++)
      picked.set(array.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  });

/**
 * A score for each row: a linear function of its numbers, and a number for each of its categories. It depends on the name of the task.
 *
 * @returns [size]
 */
export function tinyScores({ size, numeric, ids, bagIds }: Batch, layout: Layout, task: string): number[] {
  const slope = randomStream(1, `label ${task}`).normal(layout.numeric);
  const effects = layout.vocabulary > 0 ? randomStream(1, `categories ${task}`).normal(layout.vocabulary) : [];
  return Array.from({ length: size }, (_, row) => {
    let score = 0;
    for (let c = 0; c < layout.numeric; c++) score += numeric[row * layout.numeric + c]! * slope[c]!;
    for (let f = 0; f < layout.fields; f++) score += effects[ids[row * layout.fields + f]!]!;
    for (let s = 0; s < layout.slots; s++) score += 0.5 * effects[bagIds[row * layout.slots + s]!]!;
    return score;
  });
}

/** The feature `x`, and a category for each other name. */
export const tinySchema = (names: readonly string[]): Schema['features'] => ({
  ...Object.fromEntries(names.map((name) => [name, { kind: 'categorical', vocabulary: ['p', 'q', 'r'] } as const])),
  x: { kind: 'vector', width: WIDTH },
});

export interface TinyModelOptions extends Partial<Pick<ModelDeclaration, 'tower' | 'input'>> {
  /** Names of binary tasks, or tasks by name. Default: `['a', 'b', 'c']`. */
  readonly tasks?: readonly string[] | Tasks | undefined;
  /** Default: one feature `x`, a vector of three numbers. */
  readonly features?: Schema['features'] | undefined;
  /** Names of features that are contexts of the schema. Default: none. */
  readonly context?: readonly string[] | undefined;
  /** Default 7. */
  readonly seed?: number | undefined;
}

/**
 * A small model of one feature `x`, a vector of three numbers, or of other features.
 *
 * @example const model = tinyModel(tinyNetwork({ gate: softmaxGate() }), { tasks: ['a', 'b'] });
 */
export function tinyModel(
  network: NetworkSpec,
  { tasks = ['a', 'b', 'c'], features, context, seed = 7, ...parts }: TinyModelOptions = {},
): MultiTaskModel {
  const taskSpecs = Array.isArray(tasks) ? recordOf(tasks as string[], () => binary()) : (tasks as Tasks);
  const dense = denseSchema<Tasks>(WIDTH, taskSpecs);
  const schema = { ...dense, ...(features && { features }), ...(context && { context }) };
  return multiTaskModel<Tasks>({ schema, network, seed, ...parts });
}

/** A small model of a task `a` beside binary ones. @param task is asked when the model is built */
export const modelWith =
  (task: () => Task) =>
  ({ tasks = ['a', 'b', 'c'], seed }: { tasks?: readonly string[] | undefined; seed?: number } = {}): MultiTaskModel =>
    tinyModel(tinyNetwork(), { tasks: recordOf(tasks, (name) => (name === 'a' ? task() : binary())), seed });

/**
 * The first rows of a fixed data set. A task's labels are a linear function of the numbers and categories of a row, which depends on
 * the task's name. Four rows are a group, if the loss of a task compares the rows of a group.
 */
export function tinyBatch(model: MultiTaskModel, size: number): Batch {
  const batch = tinyFeatures(size, model.layout, model.taskNames);
  for (const [name, task] of Object.entries(model.schema.tasks))
    labelsOf(batch, name).labels.set(tinyScores(batch, model.layout, name).map((score) => madeUpLabel(task, score)));
  batch.weights.fill(1);
  const grouped = groupedTasks(model.schema.tasks).length > 0;
  return {
    ...batch,
    ...(grouped && { groups: Int32Array.from({ length: size }, (_, row) => Math.floor(row / 4)) }),
  };
}

export const examplesOf = ({ schema }: MultiTaskModel, all: Batch): Examples => ({
  ...{ schema, size: all.size },
  batch: (at) => pickRows(all, at),
});

/** The rows of {@link tinyBatch} as a data set without labels. */
export const tinyExamples = (model: MultiTaskModel, size: number): Examples =>
  examplesOf(model, tinyFeatures(size, model.layout));

/** A batch, or as many rows of {@link tinyBatch}, on the current backend. */
const tensorsOf = (model: MultiTaskModel, rows: number | Batch): BatchTensors =>
  model.toTensors(typeof rows === 'number' ? tinyBatch(model, rows) : rows);

/** The gradient of a loss by parameter, row-major. A parameter that the loss doesn't depend on has zeros. */
export const gradientNumbers = (
  loss: () => tf.Scalar,
  parameters: readonly { readonly name: string; readonly variable: tf.Variable }[],
): Record<string, number[]> =>
  tf.tidy(() => {
    const { grads } = tf.variableGrads(
      loss,
      parameters.map(({ variable }) => variable),
    );
    const numbers = ({ name, size }: tf.Variable) => [...(grads[name]?.dataSync() ?? new Float32Array(size))];
    return Object.fromEntries(parameters.map(({ name, variable }) => [name, numbers(variable)]));
  });

/**
 * The gradient of the total loss of a batch, or of one task's loss, by parameter.
 *
 * @param rows a batch, or the number of rows of {@link tinyBatch}
 * @example gradientsOf(model)['heads.kernel']; // row-major
 */
export const gradientsOf = (
  model: MultiTaskModel,
  rows: number | Batch = 16,
  task?: string,
  { training = true } = {},
): Record<string, number[]> =>
  tf.tidy(() => {
    const batch = tensorsOf(model, rows);
    const loss = () => {
      const losses = lossesOf(model, batch, { training });
      return task === undefined ? losses.total : taskLossAt(losses, model.taskNames.indexOf(task));
    };
    return gradientNumbers(loss, model.store.trainable());
  });

/** Uses models, and disposes them even when a check throws. */
export async function withModels<R>(
  models: readonly MultiTaskModel[],
  use: (...models: readonly MultiTaskModel[]) => R | Promise<R>,
): Promise<R> {
  try {
    return await use(...models);
  } finally {
    models.forEach((model) => model.dispose());
  }
}

/** A pass in which labels are known: the logits by task, and the losses that gates, experts and the network add. */
export const forward = (model: MultiTaskModel, batch: BatchTensors, training: boolean) => {
  const { logits, auxiliary } = model.forward(batch, { training, labels: labelsIn(model, batch) });
  return { logits: logits as Readonly<Record<string, tf.Tensor>>, auxiliary };
};

export const passOf = (model: MultiTaskModel, rows: number | Batch, training = false) =>
  tf.tidy(() =>
    mapValues(forward(model, tensorsOf(model, rows), training), (tensors) =>
      mapValues(tensors, (tensor) => [...tensor.dataSync()]),
    ),
  );

/** The logits of a pass, and the losses that gates, experts and the network add. */
export function outputsOf(model: MultiTaskModel, rows: number | Batch, training = false): Numbers {
  const { logits, auxiliary } = passOf(model, rows, training);
  return { ...logits, ...auxiliary };
}

/** The logits of a batch, or of the first rows of {@link tinyBatch}, by task: [rows], or row-major [rows × classes]. */
export const logitsOf = (model: MultiTaskModel, rows: number | Batch): Record<string, number[]> =>
  passOf(model, rows).logits;

/** The losses that gates, experts and the network add on {@link tinyBatch}, by name. */
export const auxiliaryOf = (model: MultiTaskModel, { training = false } = {}): Record<string, number> =>
  mapValues(passOf(model, 16, training).auxiliary, ([loss]) => loss!);

/** A parameter as nested lists. */
export const read = <T>(model: MultiTaskModel, name: string): T => model.store.get(name).variable.arraySync() as T;

/** Writes values, nested or flat, into a parameter. */
export function write({ store }: Pick<MultiTaskModel, 'store'>, name: string, values: tf.TensorLike): void {
  const { variable } = store.get(name);
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
}

export const parametersOf = ({ store }: MultiTaskModel): Record<string, ArrayLike<number>> =>
  Object.fromEntries(store.all().map(({ name, variable }) => [name, variable.dataSync().slice()]));

/** All state that a pass in training changes: the counters of the random streams, and the buffers. */
export const passStateOf = ({ store }: MultiTaskModel) => ({
  streams: streamCounters(store),
  buffers: store
    .all()
    .filter(({ trainable }) => !trainable)
    .map(({ name, variable }) => [name, [...variable.dataSync()]] as const),
});

/** Restores the streams and buffers, so that the same pass can be run again. */
export function restore(model: MultiTaskModel, { streams, buffers }: ReturnType<typeof passStateOf>): void {
  model.store.restoreStreams({ ...mapValues(streamCounters(model.store), () => 0), ...streams });
  for (const [name, values] of buffers) write(model, name, values);
}

/** Trains with Adam on one batch. Default: 64 rows of {@link tinyBatch}. */
export function trainTiny(
  model: MultiTaskModel,
  { steps, rate, batch = 64 }: { steps: number; rate: number; batch?: number | Batch },
): void {
  const optimizer = tf.train.adam(rate);
  const tensors = tensorsOf(model, batch);
  const variables = model.store.trainable().map(({ variable }) => variable);
  for (let step = 0; step < steps; step++)
    optimizer.minimize(() => lossesOf(model, tensors, { training: true }).total, false, variables);
  tf.dispose(tensors as unknown as tf.TensorContainer);
  optimizer.dispose();
}
