import * as tf from '@tensorflow/tfjs';
import {
  binary,
  denseSchema,
  multiTaskModel,
  randomStream,
  rowEncoder,
  type BatchTensors,
  type Examples,
  type ExpertSpec,
  type MultiTaskModel,
  type NetworkSpec,
  type Tasks,
} from '@polytask/core';

export const WIDTH = 3;

export interface TinyOptions {
  tasks?: readonly string[];
  tower?: ExpertSpec | undefined;
  seed?: number;
}

/** A model of three tasks on three numbers. */
export function tinyModel(network: NetworkSpec, options: TinyOptions = {}): MultiTaskModel {
  const { tasks = ['a', 'b', 'c'], tower, seed = 7 } = options;
  const schema = denseSchema<Tasks>(WIDTH, Object.fromEntries(tasks.map((name) => [name, binary()])));
  return multiTaskModel({ schema, network, tower, seed });
}

/** Normally distributed rows, always the same. */
export function tinyRows(size: number): { x: number[] }[] {
  const stream = randomStream(1, 'rows');
  return Array.from({ length: size }, () => ({ x: [...stream.normal(WIDTH)] }));
}

/** Those rows as a data set. */
export function tinyExamples(model: MultiTaskModel, size: number): Examples {
  const encode = rowEncoder(model.schema);
  const rows = tinyRows(size);
  return { schema: model.schema, size, batch: (at) => encode(Array.from(at, (i) => rows[i]!)) };
}

/** Those rows with labels, each task another. Dispose it with `tf.dispose`, or call this in a tidy. */
export function tinyBatch(model: MultiTaskModel, size: number): BatchTensors {
  const labels = Object.fromEntries(
    model.taskNames.map((name, t) => [name, tf.tensor1d(tinyRows(size).map(({ x }) => Number(x[t % WIDTH]! > 0.1 * t)))]),
  );
  const weights = Object.fromEntries(model.taskNames.map((name) => [name, tf.ones([size]) as tf.Tensor1D]));
  return { ...model.toTensors(model.encode(tinyRows(size))), labels, weights };
}

/** The gradient of the loss, or of one task's, by parameter. */
export function gradientsOf(model: MultiTaskModel, size = 16, task?: string): Record<string, number[]> {
  return tf.tidy(() => {
    const batch = tinyBatch(model, size);
    const loss = () => {
      const { total, tasks } = model.losses(batch, { training: true });
      return task === undefined ? total : tasks[task]!;
    };
    const { grads } = tf.variableGrads(loss, model.store.trainable().map(({ variable }) => variable));
    return Object.fromEntries(model.store.trainable().map(({ name, variable }) => [name, [...grads[variable.name]!.dataSync()]]));
  });
}

/** The logits by task, [row], before the sigmoid. */
export const logitsOf = (model: MultiTaskModel, size: number): Record<string, number[]> =>
  tf.tidy(() => {
    const { logits } = model.forward(model.toTensors(model.encode(tinyRows(size))));
    return Object.fromEntries(model.taskNames.map((name) => [name, [...logits[name]!.dataSync()]]));
  });

/** A parameter's numbers as nested lists. */
export const read = <T>(model: MultiTaskModel, name: string): T => model.store.get(name).variable.arraySync() as T;

/** Puts numbers into a parameter. */
export const write = (model: MultiTaskModel, name: string, values: readonly number[]): void => {
  const { variable } = model.store.get(name);
  tf.tidy(() => variable.assign(tf.tensor([...values], variable.shape)));
};

/** Trains on {@link tinyBatch} by Adam. */
export function trainTiny(model: MultiTaskModel, steps: number, rate: number): void {
  const optimizer = tf.train.adam(rate);
  const batch = tinyBatch(model, 64);
  const variables = model.store.trainable().map(({ variable }) => variable);
  for (let step = 0; step < steps; step++) optimizer.minimize(() => model.losses(batch, { training: true }).total, false, variables);
}

/** The auxiliary losses of a batch as numbers. */
export const auxiliaryOf = (model: MultiTaskModel, training = false): Record<string, number> =>
  tf.tidy(() => {
    const { auxiliary } = model.losses(tinyBatch(model, 16), { training });
    return Object.fromEntries(Object.entries(auxiliary).map(([name, loss]) => [name, loss.dataSync()[0]!]));
  });
