import type { HostTensor, TensorSpec } from '@polytask/compile';
import { knownLabels, type Batch, type BatchTensors, type MultiTaskModel, type Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';

const FEATURES = ['numeric', 'ids', 'bagIds', 'bagWeights'] as const;

const isInteger = (part: string) => part === 'ids' || part === 'bagIds';

/** The inputs of a graph that reads a batch: features, and labels and weights by task unless it only predicts. */
export function batchSpecs<T extends Tasks>(model: MultiTaskModel<T>, size: number, labelled = true): Record<string, TensorSpec> {
  const { numeric, fields, slots } = model.layout;
  const widths = { numeric, ids: fields, bagIds: slots, bagWeights: slots };
  const specs: Record<string, TensorSpec> = {};
  for (const part of FEATURES) {
    // a part without columns is no input: tensorsOf makes it
    if (widths[part] > 0) specs[part] = { shape: [size, widths[part]], dtype: isInteger(part) ? 'int32' : 'float32' };
  }
  if (labelled) {
    for (const task of model.taskNames) {
      specs[`label:${task}`] = { shape: [size] };
      specs[`weight:${task}`] = { shape: [size] };
    }
  }
  return specs;
}

/** The inputs' tensors as the model takes them. */
export function tensorsOf<T extends Tasks>(model: MultiTaskModel<T>, inputs: Readonly<Record<string, tf.Tensor>>): BatchTensors {
  const size = Object.values(inputs)[0]!.shape[0]!;
  const part = (name: (typeof FEATURES)[number]) =>
    (inputs[name] ?? tf.zeros([size, 0], isInteger(name) ? 'int32' : 'float32')) as tf.Tensor2D;
  const column = (prefix: string) =>
    Object.fromEntries(model.taskNames.map((task) => [task, inputs[`${prefix}:${task}`] as tf.Tensor1D]));
  return {
    numeric: part('numeric'),
    ids: part('ids'),
    bagIds: part('bagIds'),
    bagWeights: part('bagWeights'),
    labels: column('label'),
    weights: column('weight'),
  };
}

/** A batch's arrays by the names of the inputs; nothing is copied but labels where some are missing. */
export function batchFeeds<T extends Tasks>(model: MultiTaskModel<T>, batch: Batch, labelled = true): Record<string, HostTensor> {
  const feeds: Record<string, HostTensor> = {};
  for (const [name, { shape, dtype = 'float32' }] of Object.entries(batchSpecs(model, batch.size, labelled))) {
    const [kind, task] = name.split(':') as [string, string];
    const data = kind === 'label' ? knownLabels(batch.labels[task]!, batch.weights[task]) : kind === 'weight' ? batch.weights[task]! : batch[kind as 'numeric'];
    feeds[name] = { type: dtype, shape, data };
  }
  return feeds;
}
