import {
  binary,
  denseSchema,
  emptyBatch,
  multiTaskModel,
  randomStream,
  type Batch,
  type Examples,
  type ExpertSpec,
  type MultiTaskModel,
  type NetworkSpec,
  type Tasks,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { tinyRows, writeParameter } from './inputs.ts';

const WIDTH = 3;

export interface TinyModelOptions {
  /** Names of binary tasks, or tasks by name. Default: `a`, `b`, `c`. */
  tasks?: readonly string[] | Tasks;
  tower?: ExpertSpec | undefined;
  /** Default 7. */
  seed?: number;
}

/** A model on a feature `x` of three numbers. */
export function tinyModel(network: NetworkSpec, options: TinyModelOptions = {}): MultiTaskModel {
  const { tasks = ['a', 'b', 'c'], tower, seed = 7 } = options;
  const byName = Array.isArray(tasks)
    ? Object.fromEntries((tasks as string[]).map((name) => [name, binary()]))
    : (tasks as Tasks);
  return multiTaskModel<Tasks>({ schema: denseSchema<Tasks>(WIDTH, byName), network, tower, seed });
}

/** The first rows of always the same data, with a label a task that the task's name and the row say. */
export function tinyBatch(model: MultiTaskModel, size: number): Batch {
  const rows = tinyRows(size, WIDTH);
  const batch = emptyBatch(size, model.layout);
  batch.numeric.set(rows.flat());
  const labels = model.taskNames.map((name) => {
    const slope = randomStream(1, `label ${name}`).normal(WIDTH);
    const score = (row: number[]) => row.reduce((sum, x, i) => sum + x * slope[i]!, 0);
    const task = model.schema.tasks[name]!;
    const labelOf = (row: number[]) => {
      if (task.kind === 'regression') return score(row);
      return task.kind === 'binary'
        ? Number(score(row) > 0)
        : Math.min(task.classes!.length - 1, Math.max(0, Math.round(score(row) + 1)));
    };
    return [name, Float32Array.from(rows, labelOf)] as const;
  });
  const weights = model.taskNames.map((name) => [name, new Float32Array(size).fill(1)] as const);
  return { ...batch, labels: Object.fromEntries(labels), weights: Object.fromEntries(weights) };
}

/** Those rows as a data set, without labels. */
export function tinyExamples(model: MultiTaskModel, size: number): Examples {
  const rows = tinyRows(size, WIDTH).map((x) => ({ x }));
  return { schema: model.schema, size, batch: (at) => model.encode(Array.from(at, (i) => rows[i]!)) };
}

/** The gradient of the loss of {@link tinyBatch}, or of one task's, by parameter. */
export function gradientsOf(model: MultiTaskModel, size = 16, task?: string): Record<string, number[]> {
  return tf.tidy(() => {
    const batch = model.toTensors(tinyBatch(model, size));
    const loss = () => {
      const { total, tasks } = model.losses(batch, { training: true });
      return task === undefined ? total : tasks[task]!;
    };
    const parameters = model.store.trainable();
    const { grads } = tf.variableGrads(
      loss,
      parameters.map(({ variable }) => variable),
    );
    const numbers = (variable: tf.Variable) => [
      ...(grads[variable.name]?.dataSync() ?? new Float32Array(variable.size)),
    ];
    return Object.fromEntries(parameters.map(({ name, variable }) => [name, numbers(variable)]));
  });
}

/** The logits of the first rows by task, [row], or row-major [row × classes]. */
export const logitsOf = (model: MultiTaskModel, size: number): Record<string, number[]> =>
  tf.tidy(() => {
    const { logits } = model.forward(model.toTensors(tinyExamples(model, size).batch([...Array(size).keys()])));
    return Object.fromEntries(model.taskNames.map((name) => [name, [...logits[name]!.dataSync()]]));
  });

/** A parameter's numbers as nested lists. */
export const read = <T>(model: MultiTaskModel, name: string): T => model.store.get(name).variable.arraySync() as T;

/** Puts numbers into a parameter. */
export const write = (model: MultiTaskModel, name: string, values: tf.TensorLike): void =>
  writeParameter(model.store, name, values);

/** What gates, experts and the network add to the loss of {@link tinyBatch}, by name. */
export const auxiliaryOf = (model: MultiTaskModel, { training = false } = {}): Record<string, number> =>
  tf.tidy(() => {
    const { auxiliary } = model.losses(model.toTensors(tinyBatch(model, 16)), { training });
    return Object.fromEntries(Object.entries(auxiliary).map(([name, loss]) => [name, loss.dataSync()[0]!]));
  });

/** Trains by Adam on one batch: 64 rows of {@link tinyBatch}, unless another is given. */
export function trainTiny(
  model: MultiTaskModel,
  { steps, rate, batch = tinyBatch(model, 64) }: { steps: number; rate: number; batch?: Batch },
): void {
  const optimizer = tf.train.adam(rate);
  const tensors = model.toTensors(batch);
  const variables = model.store.trainable().map(({ variable }) => variable);
  for (let step = 0; step < steps; step++)
    optimizer.minimize(() => model.losses(tensors, { training: true }).total, false, variables);
  tf.dispose(tensors as unknown as tf.TensorContainer);
  optimizer.dispose();
}
