import { createRequire } from 'node:module';
import { fail } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Makes sure that TensorFlow.js has gradients. In Node only `@tensorflow/tfjs` has them: this loads it where the program
 * doesn't.
 *
 * @throws PolytaskError when it is not installed
 */
export function requireGradients(): void {
  if (tf.getGradient('MatMul')) return;
  try {
    createRequire(import.meta.url)('@tensorflow/tfjs');
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
    fail({
      expected: 'the gradients of TensorFlow.js',
      received: 'none',
      mend: 'Install @tensorflow/tfjs: in Node, @tensorflow/tfjs-core has no gradients.',
    });
  }
}
