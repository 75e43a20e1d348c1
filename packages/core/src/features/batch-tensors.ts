import * as tf from '@tensorflow/tfjs';
import type { Batch } from './batch.ts';
import { BATCH_PARTS, byPart, type BatchPart, type Layout } from './layout.ts';

/** The features of a batch as tensors: each part of {@link BATCH_PARTS}, [batch, its width in the layout]. */
export type FeatureTensors = { readonly [P in BatchPart]: tf.Tensor2D };

/** A whole batch as tensors: features, and [batch] labels and weights by task. */
export interface BatchTensors extends FeatureTensors {
  readonly labels: Readonly<Record<string, tf.Tensor1D>>;
  readonly weights: Readonly<Record<string, tf.Tensor1D>>;
}

/** Copies the features of a batch to the current backend. Call it in a `tf.tidy`, or dispose what it gives. */
export const featureTensors = (batch: Batch, layout: Layout): FeatureTensors =>
  byPart((name, dtype) => tf.tensor2d(batch[name], [batch.size, BATCH_PARTS[name].width(layout)], dtype));

/** Copies a batch to the current backend. Call it in a `tf.tidy`, or dispose what it gives. */
export function toTensors(batch: Batch, layout: Layout): BatchTensors {
  const columns = (record: Readonly<Record<string, Float32Array>>) =>
    Object.fromEntries(Object.entries(record).map(([task, values]) => [task, tf.tensor1d(values)]));
  const known = Object.entries(batch.labels).map(([task, labels]) => [task, knownLabels(labels, batch.weights[task])]);
  return {
    ...featureTensors(batch, layout),
    labels: columns(Object.fromEntries(known) as Batch['labels']),
    weights: columns(batch.weights),
  };
}

/** The parts that are given, and [rows, 0] for the others: what a graph or a layer with {@link presentParts} as inputs reads. */
export const allParts = (given: Partial<Record<BatchPart, tf.Tensor>>, rows: number): FeatureTensors =>
  byPart((name, dtype) => (given[name] ?? tf.zeros([rows, 0], dtype)) as tf.Tensor2D);

/** Labels with 0 wherever the weight is 0, so that a NaN there stays out of the loss: NaN × 0 is NaN. */
export function knownLabels(labels: Float32Array, weights: Float32Array | undefined): Float32Array {
  if (!weights || !weights.includes(0)) return labels;
  return labels.map((label, row) => (weights[row] === 0 ? 0 : label));
}
