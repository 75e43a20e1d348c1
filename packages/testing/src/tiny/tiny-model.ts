import { mapValues, recordOf } from '@polytask/components';
import {
  labelsOf,
  lossesOf,
  binary,
  denseSchema,
  multiTaskModel,
  taskLossAt,
  madeUpLabel,
  groupedTasks,
  type Batch,
  type Examples,
  type ExpertSpec,
  type InputSpec,
  type LanesTap,
  type MultiTaskModel,
  type NetworkSpec,
  type Schema,
  type Task,
  type Tasks,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { gradientNumbers, writeParameter } from './numbers.ts';
import { tinyNetwork } from './parts.ts';
import { pickRows, tinyFeatures, tinyScores, WIDTH } from './tiny-features.ts';

export interface TinyModelOptions {
  /** Names of binary tasks, or tasks by name. Default: `['a', 'b', 'c']`. */
  readonly tasks?: readonly string[] | Tasks | undefined;
  /** Default: one feature `x`, a vector of three numbers. */
  readonly features?: Schema['features'] | undefined;
  /** Names of features that are contexts of the schema. Default: none. */
  readonly context?: readonly string[] | undefined;
  /** Default: none. */
  readonly tower?: ExpertSpec | undefined;
  /** Default: `embed()`. */
  readonly input?: InputSpec | undefined;
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

/** Rows of a batch as a data set. */
export const examplesOf = ({ schema }: MultiTaskModel, all: Batch): Examples => ({
  ...{ schema, size: all.size },
  batch: (at) => pickRows(all, at),
});

/** The rows of {@link tinyBatch} as a data set without labels. */
export const tinyExamples = (model: MultiTaskModel, size: number): Examples =>
  examplesOf(model, tinyFeatures(size, model.layout));

/** A batch, or as many rows of {@link tinyBatch}. */
const batchOf = (model: MultiTaskModel, rows: number | Batch): Batch =>
  typeof rows === 'number' ? tinyBatch(model, rows) : rows;

/**
 * The gradient of the total loss of a batch, or of one task's loss, by parameter.
 *
 * @param rows a batch, or the number of rows of {@link tinyBatch}
 * @example gradientsOf(model)['heads.kernel']; // row-major
 */
export function gradientsOf(
  model: MultiTaskModel,
  rows: number | Batch = 16,
  task?: string,
  { training = true } = {},
): Record<string, number[]> {
  return tf.tidy(() => {
    const batch = model.toTensors(batchOf(model, rows));
    const loss = () => {
      const losses = lossesOf(model, batch, { training });
      return task === undefined ? losses.total : taskLossAt(losses, model.taskNames.indexOf(task));
    };
    return mapValues(gradientNumbers(loss, model.store.trainable()), (gradient) => [...gradient]);
  });
}

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

/** The logits of a batch, or of the first rows of {@link tinyBatch}, by task: [rows], or row-major [rows × classes]. */
export const logitsOf = (model: MultiTaskModel, rows: number | Batch): Record<string, number[]> =>
  tf.tidy(() => {
    const { logits } = model.forward(model.toTensors(batchOf(model, rows)));
    return recordOf(model.taskNames, (name) => [...logits[name]!.dataSync()]);
  });

/** A parameter as nested lists. */
export const read = <T>(model: MultiTaskModel, name: string): T => model.store.get(name).variable.arraySync() as T;

/** Writes values, nested or flat, into a parameter. */
export const write = (model: MultiTaskModel, name: string, values: tf.TensorLike): void =>
  writeParameter(model.store, name, values);

/**
 * A pass that computes the losses of a batch: the vectors that the heads read, and the losses that gates, experts and the network add, as
 * numbers by name.
 */
export const passOf = (model: MultiTaskModel, rows: number | Batch, { training = false } = {}) =>
  tf.tidy(() => {
    const outputs: Record<string, number[]> = {};
    const lanes: LanesTap = (vector, place, names) => {
      if (place === 'heads') outputs[names.join(' and ')] = [...vector.dataSync()];
      return vector;
    };
    const { auxiliary } = lossesOf(model, model.toTensors(batchOf(model, rows)), { training, lanes });
    return { outputs, added: mapValues(auxiliary, (loss) => [...loss.dataSync()]) };
  });

/** The losses that gates, experts and the network add on {@link tinyBatch}, by name. */
export const auxiliaryOf = (model: MultiTaskModel, { training = false } = {}): Record<string, number> =>
  mapValues(passOf(model, 16, { training }).added, ([loss]) => loss!);

/** Trains with Adam on one batch. Default: 64 rows of {@link tinyBatch}. */
export function trainTiny(
  model: MultiTaskModel,
  { steps, rate, batch = tinyBatch(model, 64) }: { steps: number; rate: number; batch?: Batch },
): void {
  const optimizer = tf.train.adam(rate);
  const tensors = model.toTensors(batch);
  const variables = model.store.trainable().map(({ variable }) => variable);
  for (let step = 0; step < steps; step++)
    optimizer.minimize(() => lossesOf(model, tensors, { training: true }).total, false, variables);
  tf.dispose(tensors as unknown as tf.TensorContainer);
  optimizer.dispose();
}
