import * as tf from '@tensorflow/tfjs';

/** `tf.unstack` that has a gradient for an axis of one as well; TF.js's own throws there. */
export function unstack(x: tf.Tensor, axis = 0): tf.Tensor[] {
  return x.shape[axis] === 1 ? [tf.squeeze(x, [axis])] : tf.unstack(x, axis);
}

/**
 * Slices of the leading axis, [n, batch, dim] → [places, batch, dim]. A slice that is taken more than once gets the sum of
 * its gradients, by one product with a matrix of 0 and 1: TF.js's own `gather` needs UnsortedSegmentSum there, which the
 * wasm backend lacks.
 */
export function takeMembers(x: tf.Tensor3D, places: readonly number[]): tf.Tensor3D {
  const [count, batch, dim] = x.shape;
  if (places.length === count && places.every((place, i) => place === i)) return x;
  const take = tf.customGrad((...inputs) => ({
    value: tf.gather(inputs[0] as tf.Tensor3D, tf.tensor1d([...places], 'int32')),
    gradFunc: (dy) => {
      const takers = places.map((place) => Array.from({ length: count }, (_, i) => Number(i === place)));
      const sums = tf.matMul(tf.transpose(tf.tensor2d(takers)), tf.reshape(dy, [places.length, batch * dim]));
      return tf.reshape(sums, [count, batch, dim]);
    },
  }));
  return take(x) as tf.Tensor3D;
}

/** How many times in a row each of `count` slices is taken; undefined where some are taken more often, or in another order. */
export function timesInARow(places: readonly number[], count: number): number | undefined {
  const times = places.length / count;
  return Number.isInteger(times) && places.every((place, i) => place === Math.floor(i / times)) ? times : undefined;
}
