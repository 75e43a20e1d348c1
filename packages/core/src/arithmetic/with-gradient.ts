import * as tf from '@tensorflow/tfjs-core';

/** A function with a gradient of its own: that of its inputs, by the gradient of its value. */
export const withGradient = <X extends tf.Tensor[]>(
  f: (...x: X) => tf.Tensor,
  gradient: (dy: tf.Tensor, ...x: X) => tf.Tensor | tf.Tensor[],
): ((...x: X) => tf.Tensor) =>
  tf.customGrad((...inputs) => {
    const x = inputs.slice(0, -1) as X;
    const save = inputs.at(-1) as unknown as tf.GradSaveFunc;
    save(x);
    return { value: f(...x), gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradient(dy, ...(saved as X)) };
  }) as (...x: X) => tf.Tensor;
