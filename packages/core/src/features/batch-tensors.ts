import * as tf from '@tensorflow/tfjs';
import type { Batch } from './batch.ts';
import { BATCH_PARTS, byPart, type BatchPart, type Layout } from './layout.ts';

/** The features of a batch as tensors: each part of {@link BATCH_PARTS}, [batch, its width in the layout]. */
export type FeatureTensors = { readonly [P in BatchPart]: tf.Tensor2D };

/** A whole batch as tensors: features, and the labels and weights of all tasks. */
export interface BatchTensors extends FeatureTensors {
  /** [tasks, batch], in the order of the schema; 0 where the weight is 0. [0, batch] of rows without labels. */
  readonly labels: tf.Tensor2D;
  /** [tasks, batch] */
  readonly weights: tf.Tensor2D;
}

/** Copies the features of a batch to the current backend. Call it in a `tf.tidy`, or dispose what it gives. */
export const featureTensors = (batch: Batch, layout: Layout): FeatureTensors =>
  byPart((name, dtype) => tf.tensor2d(batch[name], [batch.size, BATCH_PARTS[name].width(layout)], dtype));

/**
 * Copies a batch to the current backend. Call it in a `tf.tidy`, or dispose what it gives.
 *
 * @param tasks in the order of the schema; those that the batch has no labels for are left out
 */
export function toTensors(
  batch: Batch,
  layout: Layout,
  tasks: readonly string[] = Object.keys(batch.labels),
): BatchTensors {
  const labeled = tasks.filter((task) => Object.hasOwn(batch.labels, task));
  const shape: [number, number] = [labeled.length, batch.size];
  return {
    ...featureTensors(batch, layout),
    labels: tf.tensor2d(labelsOf(batch, labeled), shape),
    weights: tf.tensor2d(weightsOf(batch, labeled), shape),
  };
}

/** The labels of tasks end to end, [tasks × size], with 0 wherever the weight is 0. */
export const labelsOf = ({ size, labels, weights }: Batch, tasks: readonly string[]): Float32Array =>
  endToEnd(size, tasks, (task) => knownLabels(labels[task]!, weights[task]));

/** The sample weights of tasks end to end, [tasks × size]. */
export const weightsOf = ({ size, weights }: Batch, tasks: readonly string[]): Float32Array =>
  endToEnd(size, tasks, (task) => weights[task]!);

function endToEnd(size: number, tasks: readonly string[], column: (task: string) => Float32Array): Float32Array {
  const all = new Float32Array(tasks.length * size);
  tasks.forEach((task, t) => all.set(column(task), t * size));
  return all;
}

/** The parts that are given, and [rows, 0] for the others: what a graph or a layer with {@link presentParts} as inputs reads. */
export const allParts = (given: Partial<Record<BatchPart, tf.Tensor>>, rows: number): FeatureTensors =>
  byPart((name, dtype) => (given[name] ?? tf.zeros([rows, 0], dtype)) as tf.Tensor2D);

/** Labels with 0 wherever the weight is 0, so that a NaN there stays out of the loss: NaN × 0 is NaN. */
export function knownLabels(labels: Float32Array, weights: Float32Array | undefined): Float32Array {
  if (!weights || !weights.includes(0)) return labels;
  return labels.map((label, row) => (weights[row] === 0 ? 0 : label));
}
