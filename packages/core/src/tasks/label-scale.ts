import * as tf from '@tensorflow/tfjs-core';
import type { RegressionTask, Task } from './tasks.ts';

/**
 * The logarithm of `log: true`: sign(y)·log(1 + |y|).
 *
 * @example signedLog(-(Math.E - 1)) // -1
 */
export const signedLog = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value));

const signedExp = (value: number): number => Math.sign(value) * Math.expm1(Math.abs(value));

/**
 * Converts a label from its own unit to the number that the model is trained on. The labels of binary and multiclass tasks
 * stay as they are.
 *
 * @example encodeLabel({ kind: 'regression', fitted: { mean: 40, deviation: 12 } }, 52) // 1
 */
export function encodeLabel(task: Task, label: number): number {
  if (task.kind !== 'regression') return label;
  const { mean, deviation } = scaleOf(task);
  return ((task.log ? signedLog(label) : label) - mean) / deviation;
}

/**
 * The inverse of {@link encodeLabel}: converts an encoded label, or a regression's output, to the label's own unit.
 *
 * @example decodeLabel({ kind: 'regression', fitted: { mean: 40, deviation: 12 } }, 1) // 52
 */
export function decodeLabel(task: Task, encoded: number): number {
  if (task.kind !== 'regression') return encoded;
  const { mean, deviation } = scaleOf(task);
  const value = encoded * deviation + mean;
  return task.log ? signedExp(value) : value;
}

/** Mean 0 and deviation 1 for a task that was not fitted: `scale: 'none'`, and models older than the scale of labels. */
const scaleOf = ({ fitted }: RegressionTask): { readonly mean: number; readonly deviation: number } =>
  fitted ?? { mean: 0, deviation: 1 };

/**
 * Converts a task's logits to predictions: the probability of yes, the probabilities of the classes, or a number in the
 * label's own unit. It runs on the current backend and can be traced.
 *
 * @param logits [batch, 1], or [batch, classes]
 * @returns predictions of the same shape
 * @example taskScores(binary(), tf.tensor2d([[0]])) // [[0.5]]
 */
export function taskScores(task: Task, logits: tf.Tensor): tf.Tensor {
  switch (task.kind) {
    case 'binary':
      return tf.sigmoid(logits);
    case 'multiclass':
      return tf.softmax(logits);
    case 'regression': {
      const { mean, deviation } = scaleOf(task);
      const value = task.fitted ? tf.add(tf.mul(logits, deviation), mean) : logits;
      return task.log ? tf.mul(tf.sign(value), tf.expm1(tf.abs(value))) : value;
    }
  }
}
