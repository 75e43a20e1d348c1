import type { HostTensor, TensorSpec } from '@polytask/compile';
import { knownLabels, unstack, type Batch, type BatchTensors, type MultiTaskModel, type Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';

const FEATURES = ['numeric', 'ids', 'bagIds', 'bagWeights'] as const;

const BY_TASK = ['labels', 'weights'] as const;

const isInteger = (part: string) => part === 'ids' || part === 'bagIds';

/** The inputs of a graph that reads a batch: features, and unless it only predicts all tasks' labels and weights, [tasks, size]. */
export function batchSpecs<T extends Tasks>(
  model: MultiTaskModel<T>,
  size: number,
  labelled = true,
): Record<string, TensorSpec> {
  const { numeric, fields, slots } = model.layout;
  const widths = { numeric, ids: fields, bagIds: slots, bagWeights: slots };
  const specs: Record<string, TensorSpec> = {};
  for (const part of FEATURES) {
    // a part without columns is no input: tensorsOf makes it
    if (widths[part] > 0) specs[part] = { shape: [size, widths[part]], dtype: isInteger(part) ? 'int32' : 'float32' };
  }
  if (labelled) for (const part of BY_TASK) specs[part] = { shape: [model.taskNames.length, size] };
  return specs;
}

/** The inputs' tensors as the model takes them. */
export function tensorsOf<T extends Tasks>(
  model: MultiTaskModel<T>,
  inputs: Readonly<Record<string, tf.Tensor>>,
): BatchTensors {
  const size = Object.values(inputs)[0]!.shape[0]!;
  const part = (name: (typeof FEATURES)[number]) =>
    (inputs[name] ?? tf.zeros([size, 0], isInteger(name) ? 'int32' : 'float32')) as tf.Tensor2D;
  const byTask = (name: (typeof BY_TASK)[number]) => {
    const columns = inputs[name] ? unstack(inputs[name]) : [];
    return Object.fromEntries(columns.map((column, t) => [model.taskNames[t]!, column as tf.Tensor1D]));
  };
  return {
    numeric: part('numeric'),
    ids: part('ids'),
    bagIds: part('bagIds'),
    bagWeights: part('bagWeights'),
    labels: byTask('labels'),
    weights: byTask('weights'),
  };
}

/** An input that is a part of a batch. */
export interface BatchInput {
  readonly name: string;
  /** Its numbers in a batch: features as they stand there, labels and weights in one piece. */
  read(batch: Batch): HostTensor;
}

/** How to read a batch of a size for a graph with {@link batchSpecs}' inputs. */
export function batchInputs<T extends Tasks>(model: MultiTaskModel<T>, size: number, labelled = true): BatchInput[] {
  const endToEnd = (column: (task: string) => Float32Array) => {
    const all = new Float32Array(model.taskNames.length * size);
    model.taskNames.forEach((task, t) => all.set(column(task), t * size));
    return all;
  };
  const numbers: Readonly<Record<string, (batch: Batch) => HostTensor['data']>> = {
    labels: ({ labels, weights }) => endToEnd((task) => knownLabels(labels[task]!, weights[task])),
    weights: ({ weights }) => endToEnd((task) => weights[task]!),
  };
  return Object.entries(batchSpecs(model, size, labelled)).map(([name, { shape, dtype: type = 'float32' }]) => {
    const read = numbers[name] ?? ((batch: Batch) => batch[name as (typeof FEATURES)[number]]);
    return { name, read: (batch) => ({ type, shape, data: read(batch) }) as HostTensor };
  });
}
