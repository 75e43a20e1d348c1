import { taskScores, type Task } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';

/** A task's logits as `model.predict` gives them: probabilities [batch] or [batch, classes], or a number [batch]. */
export function scoreOf(task: Task, logits: tf.Tensor2D): tf.Tensor {
  const scores = taskScores(task, logits);
  return task.kind === 'multiclass' ? scores : tf.reshape(scores, [-1]);
}

/** How many numbers a row's prediction has. */
export const widthOf = (task: Task): number => (task.kind === 'multiclass' ? task.classes!.length : 1);
