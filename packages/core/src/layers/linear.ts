import * as tf from '@tensorflow/tfjs-core';
import { fail } from '@polytask/components';
import type { SharedLanes } from './layer.ts';

/**
 * Computes x W (+ b), for one module or for all modules of a bank at once.
 *
 * | x | kernel | result | computed as |
 * |---|---|---|---|
 * | [batch, in] | [in, out] | [batch, out] | one product |
 * | [batch, in] | [bank, in, out] | [bank, batch, out] | one wide product: all members read the same x |
 * | [bank, batch, in] | [bank, in, out] | [bank, batch, out] | one product per member, or per shared lane |
 * | [bank, batch, in] | [in, out] | [bank, batch, out] | one tall product: all members share the kernel |
 *
 * `tf.matMul` has no gradient for the second and the fourth case.
 *
 * @param bias broadcast over the batch: [out], or [bank, 1, out]
 * @param shared `call.shared` of an expert's `apply`. It makes the product faster when `x` is the expert's own input and
 *   members share lanes. The numbers are the same without it.
 * @throws PolytaskError when the shapes don't fit together
 * @example linear(tf.tensor2d([[1, 2]]), tf.tensor2d([[1], [10]])) // [[21]]
 */
export function linear(x: tf.Tensor, kernel: tf.Tensor, bias?: tf.Tensor, shared?: SharedLanes): tf.Tensor {
  const product = multiply(x, kernel, shared);
  return bias ? tf.add(product, bias) : product;
}

function multiply(x: tf.Tensor, kernel: tf.Tensor, shared?: SharedLanes): tf.Tensor {
  const inner = kernel.shape[kernel.rank - 2];
  if (x.shape[x.rank - 1] !== inner) {
    fail({
      expected: `an input of ${inner} features for the kernel [${kernel.shape}]`,
      received: `[${x.shape}]`,
      fix: 'Make the kernel with the inputDim that the builder was given.',
    });
  }
  if (x.rank === 2 && kernel.rank === 2) return product(x as tf.Tensor2D, kernel as tf.Tensor2D);
  if (x.rank === 2 && kernel.rank === 3) return wide(x as tf.Tensor2D, kernel as tf.Tensor3D);
  if (x.rank === 3 && kernel.rank === 3) {
    return shared?.x === x ? wideByLane(shared, kernel as tf.Tensor3D) : tf.matMul(x, kernel);
  }
  if (x.rank === 3 && kernel.rank === 2) {
    const [bank, batch, width] = x.shape as [number, number, number];
    const tall = product(tf.reshape(x, [bank * batch, width]), kernel as tf.Tensor2D);
    return tf.reshape(tall, [bank, batch, kernel.shape[1]!]);
  }
  return fail({
    expected: 'an input [batch, in] or [bank, batch, in] and a kernel [in, out] or [bank, in, out]',
    received: `[${x.shape}] and [${kernel.shape}]`,
    fix: 'Reshape the one or the other.',
  });
}

function wide(x: tf.Tensor2D, kernel: tf.Tensor3D): tf.Tensor {
  const [bank, inner, out] = kernel.shape;
  const side = tf.reshape(tf.transpose(kernel, [1, 0, 2]), [inner, bank * out]); // [in, bank × out]
  const all = tf.reshape(product(x, side as tf.Tensor2D), [x.shape[0], bank, out]); // [batch, bank, out]
  return tf.transpose(all, [1, 0, 2]);
}

/** One wide product per lane, with the kernels of the lane's members side by side. */
function wideByLane({ lanes, times }: SharedLanes, kernel: tf.Tensor3D): tf.Tensor {
  const [count, batch] = lanes.shape;
  const [bank, inner, out] = kernel.shape;
  const byLane = tf.reshape(kernel, [count, times, inner, out]);
  const side = tf.reshape(tf.transpose(byLane, [0, 2, 1, 3]), [count, inner, times * out]);
  const all = tf.transpose(tf.matMul(lanes, side), [1, 0, 2]); // [batch, lanes, members × out]
  return tf.transpose(tf.reshape(all, [batch, bank, out]), [1, 0, 2]);
}

/**
 * A matrix product whose gradient transposes before it multiplies. The gradient of TF.js lets `matMul` transpose. On the
 * wasm backend that is a plain loop instead of XNNPACK, 8 times slower at [1024, 320] × [320, 384].
 */
const product = tf.customGrad((...inputs) => {
  const [x, kernel, save] = inputs as unknown as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
  save([x, kernel]);
  return {
    value: tf.matMul(x, kernel),
    gradFunc: (dy, saved) => {
      const [left, right] = saved as [tf.Tensor2D, tf.Tensor2D];
      return [tf.matMul(dy as tf.Tensor2D, tf.transpose(right)), tf.matMul(tf.transpose(left), dy as tf.Tensor2D)];
    },
  };
}) as (x: tf.Tensor2D, kernel: tf.Tensor2D) => tf.Tensor2D;
