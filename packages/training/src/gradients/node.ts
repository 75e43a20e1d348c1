import * as tf from '@tensorflow/tfjs-core';

/** Registers the gradients of TensorFlow.js's operations, unless the program has some already. */
export async function registerGradients(): Promise<void> {
  if (!tf.getGradient(tf.BatchMatMul)) await import('#all-gradients');
}
