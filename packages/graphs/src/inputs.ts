import type { HostTensor, TensorSpec, TraceOptions } from '@polytask/compile';
import {
  allParts,
  labelsOf,
  presentParts,
  weightsOf,
  type Batch,
  type BatchTensors,
  type MultiTaskModel,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';

/** What of a model its batch inputs follow from. */
export type BatchReader = Pick<MultiTaskModel, 'layout' | 'taskNames'>;

/** An input of a graph that holds a part of a batch. */
export interface BatchInput extends Required<TensorSpec> {
  readonly name: string;
  /** The numbers of the input in a batch: features as they are, labels and weights of all tasks end to end. */
  read(batch: Batch): HostTensor;
}

/**
 * The inputs of a graph that reads a batch: each part of the features that has columns, [rows, width], and the labels and
 * weights of all tasks, [tasks, rows].
 *
 * @param rows the batch size of the graph
 * @param labeled whether it reads labels and weights; a graph that only predicts doesn't
 * @example
 * const feeds = Object.fromEntries(batchInputs(model, batch.size).map(({ name, read }) => [name, read(batch)]));
 */
export function batchInputs({ layout, taskNames }: BatchReader, rows: number, labeled = true): BatchInput[] {
  const input = (
    name: string,
    dtype: 'float32' | 'int32',
    shape: readonly number[],
    data: (batch: Batch) => HostTensor['data'],
  ): BatchInput => ({ name, dtype, shape, read: (batch) => ({ type: dtype, shape, data: data(batch) }) });
  const features = presentParts(layout).map(({ name, dtype, width }) =>
    input(name, dtype, [rows, width], (batch) => batch[name]),
  );
  if (!labeled) return features;
  return [
    ...features,
    input('labels', 'float32', [taskNames.length, rows], (batch) => labelsOf(batch, taskNames)),
    input('weights', 'float32', [taskNames.length, rows], (batch) => weightsOf(batch, taskNames)),
  ];
}

/** The tensors of {@link batchInputs} by name → the batch as the model reads it. Without labels, [0, rows], where there are none. */
export const batchTensors = (inputs: Readonly<Record<string, tf.Tensor>>, rows: number): BatchTensors => ({
  ...allParts(inputs, rows),
  labels: (inputs['labels'] ?? tf.zeros([0, rows])) as tf.Tensor2D,
  weights: (inputs['weights'] ?? tf.zeros([0, rows])) as tf.Tensor2D,
});

/** What of a model its parameters' inputs follow from. */
export type Parameterized = Pick<MultiTaskModel, 'store'>;

/** The input of a graph that holds a parameter or a buffer of the model. */
export const parameterInput = (parameter: string): string => `parameter:${parameter}`;

/** Names the variables of a model in a trace: their inputs are {@link parameterInput}s. */
export function parameterNames({ store }: Parameterized): Required<Pick<TraceOptions, 'inputName'>> {
  const names = new Map(store.all().map(({ name, variable }) => [variable, parameterInput(name)]));
  return { inputName: (variable) => names.get(variable) };
}

/** The parameters and buffers of a model at one moment, by the names of their inputs. */
export type Snapshot = Readonly<Record<string, Float32Array>>;

/**
 * Copies all parameters and buffers. More training doesn't change the copy.
 *
 * @example const file = forInference(traced, await readSnapshot(model));
 */
export async function readSnapshot({ store }: Parameterized): Promise<Snapshot> {
  const entries = store.all().map(async ({ name, variable }) => {
    const values = await variable.data<'float32'>();
    return [parameterInput(name), values.slice()] as const; // the cpu backend gives its own array
  });
  return Object.fromEntries(await Promise.all(entries));
}
