import * as tf from '@tensorflow/tfjs';
import type { RegressionTask, Task } from './tasks.ts';

/** A number as the logarithm of `log: true` has it: sign(y)·log(1 + |y|). */
export const signedLog = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value));

const signedExp = (value: number): number => Math.sign(value) * Math.expm1(Math.abs(value));

/**
 * A label in its own unit as encoded rows hold it: the number that the model is trained on. 0, 1 and class indices stay
 * as they are.
 *
 * @example encodeLabel({ kind: 'regression', fitted: { mean: 40, deviation: 12 } }, 52) // 1
 */
export function encodeLabel(task: Task, label: number): number {
  if (task.kind !== 'regression') return label;
  const { mean, deviation } = scaleOf(task);
  return ((task.log ? signedLog(label) : label) - mean) / deviation;
}

/**
 * The way back: an encoded label, or a regression's output, in the label's own unit.
 *
 * @example decodeLabel({ kind: 'regression', fitted: { mean: 40, deviation: 12 } }, 1) // 52
 */
export function decodeLabel(task: Task, encoded: number): number {
  if (task.kind !== 'regression') return encoded;
  const { mean, deviation } = scaleOf(task);
  const value = encoded * deviation + mean;
  return task.log ? signedExp(value) : value;
}

/** Mean 0 and deviation 1 where nothing was fitted: of `scale: 'none'`, and of models from before labels had a scale. */
const scaleOf = ({ fitted }: RegressionTask): { readonly mean: number; readonly deviation: number } =>
  fitted ?? { mean: 0, deviation: 1 };

/**
 * What a task's logits predict: the probability of yes, the probabilities of the classes, or a number in the label's own
 * unit. Runs on the current backend, and can be traced.
 *
 * @param logits [batch, 1], or [batch, classes]
 * @returns of the same shape
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
