import * as tf from '@tensorflow/tfjs';

/** Slices that stand so many times in a row each: [n, batch, dim] in a tensor [n · times, batch, dim]. */
export interface Repeated {
  readonly of: tf.Tensor3D;
  readonly times: number;
}

const repeated = new WeakMap<tf.Tensor, Repeated>();

/** What {@link takeMembers} repeated, if that is what it gave; undefined where a slice comes once, or some more often than others. */
export function repeatedIn(x: tf.Tensor): Repeated | undefined {
  const found = repeated.get(x);
  return found?.of.isDisposed ? undefined : found;
}

/**
 * Slices of the leading axis, [n, batch, dim] → [places, batch, dim]. A slice that is taken more than once gets the sum of
 * its gradients, by one product with the matrix of 0 and 1 that says who took it: TF.js's own `gather` asks for an
 * UnsortedSegmentSum there, which the wasm backend doesn't have.
 */
export function takeMembers(x: tf.Tensor3D, places: readonly number[]): tf.Tensor3D {
  const [count, batch, dim] = x.shape;
  if (places.length === count && places.every((place, i) => place === i)) return x;
  const take = tf.customGrad((...inputs) => {
    const given = inputs[0] as tf.Tensor3D;
    return {
      value: tf.gather(given, tf.tensor1d([...places], 'int32')),
      gradFunc: (dy) => {
        const takers = places.map((place) => Array.from({ length: count }, (_, i) => Number(i === place)));
        const sums = tf.matMul(tf.transpose(tf.tensor2d(takers)), tf.reshape(dy, [places.length, batch * dim]));
        return tf.reshape(sums, [count, batch, dim]);
      },
    };
  });
  const taken = take(x) as tf.Tensor3D;
  const times = places.length / count;
  if (Number.isInteger(times) && places.every((place, i) => place === Math.floor(i / times))) {
    repeated.set(taken, { of: x, times });
  }
  return taken;
}
