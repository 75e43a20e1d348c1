import * as tf from '@tensorflow/tfjs-core';

/**
 * Attention with heads (Vaswani et al., NeurIPS 2017, section 3.2): softmax(Q Kᵀ / √d) V for each head, side by side. Head h has the
 * h-th part of each vector, of width d. Queries are [batch, m, heads × d], keys and values [batch, n, heads × d].
 *
 * @param mask added to the scores, broadcast to [batch, heads, m, n]: −10⁹ for a key that a query doesn't see. Default: none
 * @returns [batch, m, heads × d]
 * @example attention(query(x, call), key(x, call), value(x, call), 4)
 */
export function attention(
  queries: tf.Tensor,
  keys: tf.Tensor,
  values: tf.Tensor,
  heads: number,
  mask?: tf.Tensor,
): tf.Tensor {
  const [, tokens, width] = queries.shape as [number, number, number];
  const split = (x: tf.Tensor) => tf.transpose(tf.reshape(x, [-1, x.shape[1]!, heads, width / heads]), [0, 2, 1, 3]);
  const scores = tf.mul(tf.matMul(split(queries), split(keys), false, true), 1 / Math.sqrt(width / heads)); // [batch, heads, m, n]
  const shares = tf.softmax(mask ? tf.add(scores, mask) : scores);
  return tf.reshape(tf.transpose(tf.matMul(shares, split(values)), [0, 2, 1, 3]), [-1, tokens, width]);
}
