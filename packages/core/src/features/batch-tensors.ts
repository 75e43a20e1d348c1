import * as tf from '@tensorflow/tfjs';
import type { Batch } from './batch.ts';
import type { Layout } from './layout.ts';

/** The features of a batch as tensors. */
export interface FeatureTensors {
  /** [batch, layout.numeric] */
  readonly numeric: tf.Tensor2D;
  /** [batch, layout.fields] int32 */
  readonly ids: tf.Tensor2D;
  /** [batch, layout.slots] int32 */
  readonly bagIds: tf.Tensor2D;
  /** [batch, layout.slots] */
  readonly bagWeights: tf.Tensor2D;
}

/** A whole batch as tensors: features, and [batch] labels and weights by task. */
export interface BatchTensors extends FeatureTensors {
  readonly labels: Readonly<Record<string, tf.Tensor1D>>;
  readonly weights: Readonly<Record<string, tf.Tensor1D>>;
}

/** Copies a batch to the current backend. Call it in a `tf.tidy`, or dispose what it gives. */
export function toTensors(batch: Batch, layout: Layout): BatchTensors {
  const { size } = batch;
  const columns = (record: Readonly<Record<string, Float32Array>>) =>
    Object.fromEntries(Object.entries(record).map(([task, values]) => [task, tf.tensor1d(values)]));
  const known = Object.entries(batch.labels).map(([task, labels]) => [task, knownLabels(labels, batch.weights[task])]);
  return {
    numeric: tf.tensor2d(batch.numeric, [size, layout.numeric]),
    ids: tf.tensor2d(batch.ids, [size, layout.fields], 'int32'),
    bagIds: tf.tensor2d(batch.bagIds, [size, layout.slots], 'int32'),
    bagWeights: tf.tensor2d(batch.bagWeights, [size, layout.slots]),
    labels: columns(Object.fromEntries(known) as Batch['labels']),
    weights: columns(batch.weights),
  };
}

/** Labels with 0 wherever the weight is 0, so that a NaN there stays out of the loss: NaN × 0 is NaN. */
export function knownLabels(labels: Float32Array, weights: Float32Array | undefined): Float32Array {
  if (!weights || !weights.includes(0)) return labels;
  return labels.map((label, row) => (weights[row] === 0 ? 0 : label));
}
