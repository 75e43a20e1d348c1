import { createRequire as requireFrom } from 'node:module'; // bundles for Node often declare a createRequire of their own
import { fail } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Makes sure that TensorFlow.js has gradients. In Node only `@tensorflow/tfjs` has them: this loads it where the program
 * doesn't.
 *
 * @throws PolytaskError when it is not installed
 */
export function requireGradients(): void {
  if (tf.getGradient(tf.BatchMatMul)) return;
  try {
    requireFrom(import.meta.url)('@tensorflow/tfjs');
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
    fail({
      expected: 'the gradients of TensorFlow.js',
      received: 'none',
      mend: 'Install @tensorflow/tfjs: in Node, @tensorflow/tfjs-core has no gradients.',
    });
  }
}
