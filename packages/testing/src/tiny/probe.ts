import { mapValues, recordOf } from '@polytask/components';
import { featureTensors, streamCounters, type MultiTaskModel, type ParameterStore } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Numbers } from '../cases/agreement.ts';
import { tinyRows, writeParameter } from './numbers.ts';
import { tinyFeatures } from './tiny-features.ts';

/** A model with fixed rows. */
export interface Probe {
  readonly store: ParameterStore;
  /** The numbers of the features by name, if there are some. They are variables, so that their gradients can be computed. */
  readonly inputs: Readonly<Record<string, tf.Variable>>;
  /** One forward pass: the logits by task, and the losses that parts of the model add. Call it in a `tf.tidy` or a gradient. */
  run(training: boolean): Readonly<Record<string, tf.Tensor>>;
}

/** The outputs of a pass as numbers. */
export const outputsOf = (probe: Probe, training = false): Numbers =>
  tf.tidy(() => mapValues(probe.run(training), (tensor) => tensor.dataSync().slice()));

/** The values of all parameters and buffers. */
export const parametersOf = (store: ParameterStore): Record<string, ArrayLike<number>> =>
  Object.fromEntries(store.all().map(({ name, variable }) => [name, variable.dataSync().slice()]));

/** All state that a pass in training changes: the counters of the random streams, and the buffers. */
export const passStateOf = (store: ParameterStore) => ({
  streams: streamCounters(store),
  buffers: store
    .all()
    .filter(({ trainable }) => !trainable)
    .map(({ name, variable }) => [name, [...variable.dataSync()]] as const),
});

/** Restores the streams and buffers, so that the same pass can be run again. */
export function restore(store: ParameterStore, { streams, buffers }: ReturnType<typeof passStateOf>): void {
  store.restoreStreams({ ...recordOf(Object.keys(streamCounters(store)), () => 0), ...streams });
  for (const [name, values] of buffers) writeParameter(store, name, values);
}

/** Uses a model with fixed rows, and frees both even when a check throws. */
export function withProbe<R>(model: MultiTaskModel, rows: number, use: (probe: Probe) => R): R {
  const { store, layout } = model;
  const batch = tinyFeatures(rows, layout);
  const numeric = layout.numeric > 0 && tf.tidy(() => tf.variable(tf.tensor2d(tinyRows(rows, layout.numeric))));
  try {
    return use({
      ...{ store, inputs: numeric ? { 'the numbers of the features': numeric } : {} },
      run(training) {
        const features = { ...featureTensors(batch, layout, store.tables()), ...(numeric && { numeric }) };
        const { logits, auxiliary } = model.forward(features, { training });
        return { ...logits, ...auxiliary };
      },
    });
  } finally {
    model.dispose();
    if (numeric) numeric.dispose();
  }
}
