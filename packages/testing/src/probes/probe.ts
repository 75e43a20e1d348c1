import { allParts, type MultiTaskModel, type ParameterStore } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import type { Numbers } from '../checks/agreement.ts';
import { tinyRows } from '../tiny/inputs.ts';

/** A component by itself, on inputs that are always the same: what the checks run. */
export interface Probe {
  readonly store: ParameterStore;
  /** What the names of the component's own parameters begin with. */
  readonly prefix: string;
  /** What it reads, by name. They are variables, so that a gradient can be asked for. */
  readonly inputs: Readonly<Record<string, tf.Variable>>;
  /** One forward pass: outputs by name, losses that it adds included. Call it in a `tf.tidy` or a gradient. */
  run(training: boolean): Readonly<Record<string, tf.Tensor>>;
}

/** What changes in a forward pass: where the random streams stand, and what buffers hold. */
interface Moment {
  readonly streams: Record<string, number>;
  readonly buffers: readonly (readonly [tf.Variable, Float32Array])[];
}

/** Outputs of a pass as numbers. */
export const outputsOf = (probe: Probe, training = false): Numbers =>
  tf.tidy(() =>
    Object.fromEntries(Object.entries(probe.run(training)).map(([name, tensor]) => [name, tensor.dataSync().slice()])),
  );

/** All parameters and buffers as numbers, or those alone whose names begin with a prefix. */
export const parametersOf = (store: ParameterStore, prefix = ''): Numbers =>
  Object.fromEntries(
    store.all().flatMap(({ name, variable }) => (name.startsWith(prefix) ? [[name, variable.dataSync().slice()]] : [])),
  );

export function momentOf({ store }: Probe): Moment {
  const buffers = store.all().filter(({ trainable }) => !trainable);
  return {
    streams: store.streamCounters(),
    buffers: buffers.map(({ variable }) => [variable, variable.dataSync<'float32'>().slice()]),
  };
}

/** Puts the streams and buffers back to where they were, so that the same pass can be run again. */
export function restore({ store }: Probe, { streams, buffers }: Moment): void {
  const drawn = Object.keys(store.streamCounters());
  store.restoreStreams({ ...Object.fromEntries(drawn.map((path) => [path, 0])), ...streams });
  tf.tidy(() => buffers.forEach(([variable, values]) => variable.assign(tf.tensor(values, variable.shape))));
}

/** Uses a probe, and frees it whatever happens. */
export function withProbe<P extends Probe, R>(probe: P, use: (probe: P) => R): R {
  try {
    return use(probe);
  } finally {
    probe.store.dispose();
    tf.dispose(Object.values(probe.inputs));
  }
}

/** Rows as a variable. */
export const inputOf = (rows: readonly (readonly number[])[]): tf.Variable =>
  tf.tidy(() => tf.variable(tf.tensor2d(rows.map((row) => [...row]))));

/** A whole model; its outputs are the logits by task, and the losses that its parts add. */
export function modelProbe(model: MultiTaskModel, rows = 5): Probe {
  const x = inputOf(tinyRows(rows));
  return {
    store: model.store,
    prefix: '',
    inputs: { 'the features': x },
    run(training) {
      const { logits, auxiliary } = model.forward(allParts({ numeric: x }, rows), { training });
      return { ...logits, ...auxiliary };
    },
  };
}
