import * as tf from '@tensorflow/tfjs';

/** `tf.unstack` that has a gradient for an axis of one as well; TF.js's own throws there. */
export function unstack(x: tf.Tensor, axis = 0): tf.Tensor[] {
  return x.shape[axis] === 1 ? [tf.squeeze(x, [axis])] : tf.unstack(x, axis);
}
