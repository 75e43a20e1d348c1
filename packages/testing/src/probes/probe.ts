import { mapValues, recordOf } from '@polytask/components';
import { streamCounters, type MultiTaskModel, type ParameterStore } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Numbers } from '../cases/agreement.ts';
import { tinyRows } from '../tiny/numbers.ts';
import { tinyFeatures } from '../tiny/tiny-features.ts';

/** A component outside of a model, with fixed inputs. The checks run probes. */
export interface Probe {
  readonly store: ParameterStore;
  /** The prefix of the names of the component's own parameters. */
  readonly prefix: string;
  /** Its inputs by name. They are variables, so that their gradients can be computed. */
  readonly inputs: Readonly<Record<string, tf.Variable>>;
  /** The width of its `outputs`, if it says one. */
  readonly outputDim?: number;
  /** One forward pass: outputs and added losses by name. Call it in a `tf.tidy` or a gradient. */
  run(training: boolean): Readonly<Record<string, tf.Tensor>>;
}

export interface ProbeOptions {
  /** Default 7. */
  readonly seed?: number | undefined;
  /** Default 5. */
  readonly rows?: number | undefined;
  /** Whether all members of a bank have one input, as at the first level. Default false. */
  readonly same?: boolean | undefined;
}

/** All state that a forward pass changes: the counters of the random streams, and the buffers. */
interface PassState {
  readonly streams: Record<string, number>;
  readonly buffers: readonly (readonly [tf.Variable, Float32Array])[];
}

/** The outputs of a pass as numbers. */
export const outputsOf = (probe: Probe, training = false): Numbers =>
  tf.tidy(() => mapValues(probe.run(training), (tensor) => tensor.dataSync().slice()));

/** The parameters and buffers whose names begin with the prefix, as numbers. */
export const parametersOf = (store: ParameterStore, prefix = ''): Numbers =>
  Object.fromEntries(
    store.all().flatMap(({ name, variable }) => (name.startsWith(prefix) ? [[name, variable.dataSync().slice()]] : [])),
  );

export function passStateOf({ store }: Probe): PassState {
  const buffers = store.all().filter(({ trainable }) => !trainable);
  return {
    streams: streamCounters(store),
    buffers: buffers.map(({ variable }) => [variable, variable.dataSync<'float32'>().slice()]),
  };
}

/** Restores the streams and buffers, so that the same pass can be run again. */
export function restore({ store }: Probe, { streams, buffers }: PassState): void {
  const paths = Object.keys(streamCounters(store));
  store.restoreStreams({ ...recordOf(paths, () => 0), ...streams });
  tf.tidy(() => buffers.forEach(([variable, values]) => variable.assign(tf.tensor(values, variable.shape))));
}

/** Uses a probe, and frees it even when a check throws. */
export function withProbe<P extends Probe, R>(probe: P, use: (probe: P) => R): R {
  try {
    return use(probe);
  } finally {
    probe.store.dispose();
    tf.dispose(Object.values(probe.inputs));
  }
}

/** Rows as a variable, [rows, width]. */
export const inputOf = (rows: readonly (readonly number[])[]): tf.Variable<tf.Rank.R2> =>
  tf.tidy(() => tf.variable(tf.tensor2d(rows.map((row) => [...row]))));

/** A probe of a whole model. Its outputs are the logits by task, and the losses that its parts add. */
export function modelProbe(model: MultiTaskModel, rows = 5): Probe {
  const batch = tinyFeatures(rows, model.layout);
  const { numeric } = model.layout;
  const x = numeric > 0 ? inputOf(tinyRows(rows, numeric)) : undefined;
  return {
    store: model.store,
    prefix: '',
    inputs: x ? { 'the features': x } : {},
    run(training) {
      const { logits, auxiliary } = model.forward(
        { ...model.toTensors(batch), ...(x && { numeric: x }) },
        { training },
      );
      return { ...logits, ...auxiliary };
    },
  };
}
