import * as tf from '@tensorflow/tfjs';

/** 1 at each row's k largest numbers, 0 elsewhere; of equal ones, at the first. The last axis is a row. Has no gradient. */
export function largest(x: tf.Tensor, k: number): tf.Tensor {
  const size = x.shape.at(-1)!;
  const { indices } = tf.topk(x, Math.min(k, size), true);
  return tf.sum(tf.cast(tf.oneHot(tf.cast(indices, 'int32'), size), 'float32'), -2);
}
