import * as tf from '@tensorflow/tfjs-core';
import type { Task } from './tasks.ts';

/**
 * The loss of a task: the mean of the rows' losses, weighted by their sample weights. It is 0 when no row has a label.
 * Tasks of one kind can be stacked: with a leading axis in each argument, the result has one loss per task.
 *
 * - binary: max(z, 0) − z y + log(1 + e^−|z|), positive rows times `positiveWeight`;
 * - multiclass: −log softmax(z)_y;
 * - regression: the squared, absolute or Huber error of z against y.
 *
 * @param logits [(tasks,) batch, 1], or [(tasks,) batch, classes]
 * @param labels [(tasks,) batch]
 * @param weights [(tasks,) batch]; 0 where the label is missing
 * @returns a scalar, or [tasks]
 * @example taskLoss(regression(), tf.tensor2d([[1], [4]]), tf.tensor1d([1, 1]), tf.tensor1d([1, 1])) // 4.5
 */
export function taskLoss(task: Task, logits: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor): tf.Tensor {
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
  switch (task.kind) {
    case 'binary': {
      const z = tf.reshape(logits, labels.shape);
      const positive = task.positiveWeight ?? 1;
      if (positive === 1) return crossEntropy(z, labels);
      const scale = tf.add(tf.mul(labels, positive - 1), 1);
      return tf.add(tf.mul(scale, tf.mul(labels, tf.softplus(tf.neg(z)))), tf.mul(tf.sub(1, labels), tf.softplus(z)));
    }
    case 'multiclass': {
      const chosen = tf.oneHot(tf.cast(labels, 'int32'), logits.shape.at(-1)!);
      return tf.neg(tf.sum(tf.mul(tf.cast(chosen, 'float32'), tf.logSoftmax(logits)), -1));
    }
    case 'regression': {
      const error = tf.sub(tf.reshape(logits, labels.shape), labels);
      if (task.loss === 'absolute') return tf.abs(error);
      if (task.loss !== 'huber') return tf.square(error);
      const size = tf.abs(error);
      const inside = tf.minimum(size, 1); // ½ d² + (|e| − d), with d = min(|e|, 1)
      return tf.add(tf.mul(0.5, tf.square(inside)), tf.sub(size, inside));
    }
  }
}

/** softplus(z) − z y = max(z, 0) − z y + log(1 + e^−|z|). The gradient is computed at once: σ(z) − y. */
function crossEntropy(z: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const withGradient = tf.customGrad((...inputs) => {
    const [logits, y, save] = inputs as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([logits, y]);
    return {
      value: tf.sub(tf.softplus(logits), tf.mul(logits, y)),
      gradFunc: (dy, saved) => {
        const [logitsBefore, yBefore] = saved as [tf.Tensor, tf.Tensor];
        return [tf.mul(dy, tf.sub(tf.sigmoid(logitsBefore), yBefore)), tf.neg(tf.mul(dy, logitsBefore))];
      },
    };
  });
  return withGradient(z, labels);
}
