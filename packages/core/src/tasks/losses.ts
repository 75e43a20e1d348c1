import * as tf from '@tensorflow/tfjs-core';
import { groupLossOf, lossOf, rowLossOf } from './losses/loss-of.ts';
import { tensorMath } from '../arithmetic/row-math.ts';
import type { Task } from './tasks.ts';

/**
 * The loss of a task: the mean of the rows' losses, weighted by their sample weights. It is 0 when no row has a label. A loss that
 * compares the rows of a group is the mean of its comparisons, and 0 when there is none.
 * Tasks with the same loss can be stacked: with a leading axis in each argument, the result has one loss per task.
 *
 * @param logits [(tasks,) batch, 1], or [(tasks,) batch, classes]
 * @param labels [(tasks,) batch]
 * @param weights [(tasks,) batch]; 0 where the label is missing
 * @param groups [batch], equal numbers for the rows of a group; only for a loss that compares them
 * @returns a scalar, or [tasks]
 * @throws PolytaskError when the loss compares rows, and there are no groups
 * @example taskLoss(regression(), tf.tensor2d([[1], [4]]), tf.tensor1d([1, 1]), tf.tensor1d([1, 1])) // 4.5
 */
export function taskLoss(
  task: Task,
  logits: tf.Tensor,
  labels: tf.Tensor,
  weights: tf.Tensor,
  groups?: tf.Tensor,
): tf.Tensor {
  const loss = lossOf(task);
  const grouped = groupLossOf(loss, logits.shape.at(-1)!);
  if (grouped) return grouped.tensors(outputsOf(logits, labels), labels, weights, groups);
  const losses = rowLosses(task, logits, labels);
  const total = tf.sum(tf.mul(losses, weights), -1);
  return tf.div(total, tf.maximum(tf.sum(weights, -1), 1e-12));
}

/**
 * The loss of each row, before sample weights.
 *
 * @param logits [(tasks,) batch, 1], or [(tasks,) batch, classes]
 * @param labels [(tasks,) batch]
 * @returns [(tasks,) batch]
 * @example rowLosses(regression(), tf.tensor2d([[1], [4]]), tf.tensor1d([1, 1])) // [0, 9]
 */
export function rowLosses(task: Task, logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  return rowLossOf(lossOf(task), logits.shape.at(-1)!)(outputsOf(logits, labels), labels, tensorMath);
}

/** One output of a row is a number. */
const outputsOf = (logits: tf.Tensor, labels: tf.Tensor): tf.Tensor =>
  logits.shape.at(-1) === 1 ? tf.reshape(logits, labels.shape) : logits;
