import * as tf from '@tensorflow/tfjs';
import type { Task } from './tasks.ts';

/**
 * A task's loss: the mean of the rows' losses, weighted by their sample weights; 0 where no row has a label.
 *
 * - binary: max(z, 0) − z y + log(1 + e^−|z|), positive rows times `positiveWeight`;
 * - multiclass: −log softmax(z)_y;
 * - regression: the squared, absolute or Huber error of z against y.
 *
 * @param logits [batch, 1], or [batch, classes]
 * @param labels [batch]
 * @param weights [batch]; 0 where the label is missing
 */
export function taskLoss(task: Task, logits: tf.Tensor2D, labels: tf.Tensor1D, weights: tf.Tensor1D): tf.Scalar {
  const losses = rowLosses(task, logits, labels);
  const total = tf.sum(tf.mul(losses, weights));
  return tf.div(total, tf.maximum(tf.sum(weights), 1e-12)) as tf.Scalar;
}

/** The loss of each row, [batch], before sample weights. */
export function rowLosses(task: Task, logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  switch (task.kind) {
    case 'binary': {
      const z = tf.reshape(logits, [-1]);
      const positive = task.positiveWeight ?? 1;
      if (positive === 1) {
        // softplus(z) − z y = max(z, 0) − z y + log(1 + e^−|z|)
        return tf.sub(tf.softplus(z), tf.mul(z, labels)) as tf.Tensor1D;
      }
      const scale = tf.add(tf.mul(labels, positive - 1), 1);
      return tf.add(
        tf.mul(scale, tf.mul(labels, tf.softplus(tf.neg(z)))),
        tf.mul(tf.sub(1, labels), tf.softplus(z)),
      ) as tf.Tensor1D;
    }
    case 'multiclass': {
      const chosen = tf.oneHot(tf.cast(labels, 'int32'), logits.shape[1]);
      return tf.neg(tf.sum(tf.mul(tf.cast(chosen, 'float32'), tf.logSoftmax(logits)), 1)) as tf.Tensor1D;
    }
    case 'regression': {
      const error = tf.sub(tf.reshape(logits, [-1]), labels);
      if (task.loss === 'absolute') return tf.abs(error) as tf.Tensor1D;
      if (task.loss !== 'huber') return tf.square(error) as tf.Tensor1D;
      const size = tf.abs(error);
      const inside = tf.minimum(size, 1); // ½ d² + (|e| − d), with d = min(|e|, 1)
      return tf.add(tf.mul(0.5, tf.square(inside)), tf.sub(size, inside)) as tf.Tensor1D;
    }
  }
}
