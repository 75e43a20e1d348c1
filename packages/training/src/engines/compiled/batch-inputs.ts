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

/** An input that is a part of a batch. */
export interface BatchInput {
  readonly name: string;
  /** Its numbers in a batch; nothing is copied but labels where some are missing. */
  read(batch: Batch): HostTensor;
}

/** How to read a batch of a size for a graph with {@link batchSpecs}' inputs. */
export function batchInputs<T extends Tasks>(model: MultiTaskModel<T>, size: number, labelled = true): BatchInput[] {
  return Object.entries(batchSpecs(model, size, labelled)).map(([name, { shape, dtype: type = 'float32' }]) => {
    const [kind, task] = name.split(':') as [string, string];
    const numbers = (batch: Batch) => {
      if (kind === 'label') return knownLabels(batch.labels[task]!, batch.weights[task]);
      return kind === 'weight' ? batch.weights[task]! : batch[kind as 'numeric'];
    };
    return { name, read: (batch) => ({ type, shape, data: numbers(batch) }) };
  });
}
