import * as tf from '@tensorflow/tfjs-core';

/** 1 at the k largest numbers of the last axis, 0 elsewhere. Among equal numbers the first wins. It has no gradient. */
export function largest(x: tf.Tensor, k: number): tf.Tensor {
  const size = x.shape.at(-1)!;
  if (size === 1) return tf.onesLike(x); // tf.oneHot needs two classes or more
  const { indices } = tf.topk(x, Math.min(k, size), true);
  return tf.sum(tf.cast(tf.oneHot(tf.cast(indices, 'int32'), size), 'float32'), -2);
}
