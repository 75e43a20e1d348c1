import { mapValues, recordOf } from '@polytask/components';
import {
  createInput,
  createScope,
  featureTensors,
  layoutOf,
  ParameterStore,
  streamCounters,
  type FeatureTensors,
  type Input,
  type InputSpec,
  type Layout,
  type MultiTaskModel,
  type Schema,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Numbers } from '../cases/agreement.ts';
import { tinyRows, writeParameter } from './numbers.ts';
import { tinyFeatures } from './tiny-features.ts';

/** A component outside of a model, with fixed inputs. The checks run probes. */
export interface Probe {
  readonly store: ParameterStore;
  /** The prefix of the names of the component's own parameters. */
  readonly prefix: string;
  /** Its inputs by name. They are variables, so that their gradients can be computed. */
  readonly inputs: Readonly<Record<string, tf.Variable>>;
  /** The width of its `outputs`, if it says one. */
  readonly outputDim?: number;
  /** How many vectors of this width it gives for each row. Default 1. */
  readonly perRow?: number;
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

/** The outputs of a pass as numbers. */
export const outputsOf = (probe: Probe, training = false): Numbers =>
  tf.tidy(() => mapValues(probe.run(training), (tensor) => tensor.dataSync().slice()));

/** The parameters and buffers whose names begin with the prefix, as numbers. */
export const parametersOf = (store: ParameterStore, prefix = ''): Numbers =>
  Object.fromEntries(
    store.all().flatMap(({ name, variable }) => (name.startsWith(prefix) ? [[name, variable.dataSync().slice()]] : [])),
  );

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

/** A probe of what reads the features of some rows. Its only input is their numbers. */
function featuresProbe(
  { store, layout }: { readonly store: ParameterStore; readonly layout: Layout },
  prefix: string,
  rows: number,
  apply: (features: FeatureTensors, training: boolean) => Readonly<Record<string, tf.Tensor>>,
): Probe {
  const batch = tinyFeatures(rows, layout);
  const numeric = layout.numeric > 0 ? inputOf(tinyRows(rows, layout.numeric)) : undefined;
  return {
    ...{ store, prefix, inputs: numeric ? { 'the numbers of the features': numeric } : {} },
    run: (training) =>
      apply({ ...featureTensors(batch, layout, store.tables()), ...(numeric && { numeric }) }, training),
  };
}

/** A probe of an input by itself, with what it is built for. */
export function inputProbe(
  spec: InputSpec,
  features: Schema['features'],
  { seed = 7, rows = 5 }: ProbeOptions = {},
): Probe & { readonly input: Input; readonly layout: Layout } {
  const store = new ParameterStore(seed);
  const layout = layoutOf({ features });
  const input = createInput({ ...createScope(store, 'input'), layout }, spec);
  const probe = featuresProbe({ store, layout }, 'input', rows, (tensors) => ({ outputs: input.apply(tensors) }));
  return { ...probe, input, layout, outputDim: input.outputDim };
}

/** A probe of a whole model. Its outputs are the logits by task, and the losses that its parts add. */
export const modelProbe = (model: MultiTaskModel, rows = 5): Probe =>
  featuresProbe(model, '', rows, (tensors, training) => {
    const { logits, auxiliary } = model.forward(tensors, { training });
    return { ...logits, ...auxiliary };
  });
