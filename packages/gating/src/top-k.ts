import * as tf from '@tensorflow/tfjs-core';
import { detached } from '@polytask/core';

/** 1 at the k largest numbers of the last axis, 0 elsewhere. Among equal numbers the first wins. It has no gradient. */
export function largest(x: tf.Tensor, k: number): tf.Tensor {
  const size = x.shape.at(-1)!;
  if (size === 1) return tf.onesLike(x); // tf.oneHot needs two classes or more
  const { indices } = tf.topk(x, Math.min(k, size), true);
  return tf.sum(tf.cast(tf.oneHot(tf.cast(indices, 'int32'), size), 'float32'), -2);
}

/** A softmax over the k largest scores, exactly 0 elsewhere and where the mask is 0. Only the chosen scores get gradients. */
export function softmaxOfLargest(scores: tf.Tensor, k: number, mask: tf.Tensor): tf.Tensor {
  const top = detached(scores, (s) => largest(s, k));
  return tf.softmax(tf.add(scores, tf.mul(tf.sub(tf.mul(top, mask), 1), 1e9)));
}
