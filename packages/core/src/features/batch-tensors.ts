import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from './batch.ts';
import { BATCH_PARTS, byPart, type BatchPart, type Layout } from './layout.ts';

/** The features of a batch as tensors: each part of {@link BATCH_PARTS}, [batch, width of the part]. */
export type FeatureTensors = { readonly [P in BatchPart]: tf.Tensor2D };

/** A batch as tensors: the features, and the labels and weights of all tasks. */
export interface BatchTensors extends FeatureTensors {
  /** [tasks, batch], in the order of the schema; 0 where the weight is 0. [0, batch] when no row has a label. */
  readonly labels: tf.Tensor2D;
  /** [tasks, batch] */
  readonly weights: tf.Tensor2D;
}

/**
 * Copies the features of a batch to the current backend. Call it in a `tf.tidy`, or dispose the tensors.
 *
 * @example tf.tidy(() => model.forward(featureTensors(batch, model.layout)).logits.click.dataSync())
 */
export const featureTensors = (batch: Batch, layout: Layout): FeatureTensors =>
  byPart((name, dtype) => tf.tensor2d(batch[name], [batch.size, BATCH_PARTS[name].width(layout)], dtype));

/**
 * Copies a batch to the current backend. Call it in a `tf.tidy`, or dispose the tensors.
 *
 * @param tasks the tasks in the order of the schema; tasks without labels in the batch are left out
 * @example tf.tidy(() => model.losses(toTensors(batch, model.layout, model.taskNames)).total.dataSync())
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

/**
 * The labels of the tasks one after the other, [tasks × size]; 0 where the weight is 0.
 *
 * @example labelsOf(batch, ['click', 'like']).length // 2 × batch.size
 */
export const labelsOf = ({ size, labels, weights }: Batch, tasks: readonly string[]): Float32Array =>
  endToEnd(size, tasks, (task) => knownLabels(labels[task]!, weights[task]));

/**
 * The sample weights of the tasks one after the other, [tasks × size].
 *
 * @example weightsOf(batch, ['click', 'like']).length // 2 × batch.size
 */
export const weightsOf = ({ size, weights }: Batch, tasks: readonly string[]): Float32Array =>
  endToEnd(size, tasks, (task) => weights[task]!);

function endToEnd(size: number, tasks: readonly string[], column: (task: string) => Float32Array): Float32Array {
  const all = new Float32Array(tasks.length * size);
  tasks.forEach((task, t) => all.set(column(task), t * size));
  return all;
}

/**
 * Completes the inputs of a graph or layer, the {@link presentParts}, with an empty tensor [rows, 0] for the other parts.
 *
 * @example allParts({ numeric: tf.zeros([32, 4]) }, 32).ids.shape // [32, 0]
 */
export const allParts = (inputs: Partial<Record<BatchPart, tf.Tensor>>, rows: number): FeatureTensors =>
  byPart((name, dtype) => (inputs[name] ?? tf.zeros([rows, 0], dtype)) as tf.Tensor2D);

/**
 * Sets labels to 0 where the weight is 0. A NaN label would otherwise reach the loss, because NaN × 0 is NaN.
 *
 * @example knownLabels(Float32Array.of(1, NaN), Float32Array.of(1, 0)) // [1, 0]
 */
export function knownLabels(labels: Float32Array, weights: Float32Array | undefined): Float32Array {
  if (!weights || !weights.includes(0)) return labels;
  return labels.map((label, row) => (weights[row] === 0 ? 0 : label));
}
