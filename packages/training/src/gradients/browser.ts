import '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';

/**
 * Registers the gradients of TensorFlow.js's operations, which `@tensorflow/tfjs-core` alone doesn't have: importing this module does
 * so. `fit` needs no such import, and a program with `@tensorflow/tfjs` has the gradients already.
 *
 * @example
 * registerGradients();
 * const slope = tf.grad((x) => tf.square(x))(tf.scalar(3)); // 6
 */
export const registerGradients = (): void => {};
