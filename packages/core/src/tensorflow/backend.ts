import { loadTensorflow } from '#tensorflow';
import * as tf from '@tensorflow/tfjs-core';
import { fail } from '@polytask/components';

/**
 * Makes sure that TensorFlow.js has a backend. In Node, this loads an installed one for a program that imports none.
 *
 * @throws PolytaskError that names the packages to import, when there is no backend
 */
export function requireBackend(): void {
  if (Object.keys(tf.engine().registryFactory).length > 0 || loadTensorflow()) return;
  fail({
    expected: 'a backend of TensorFlow.js',
    received: 'none',
    mend: "Install and import '@tensorflow/tfjs', or a backend alone: '@tensorflow/tfjs-backend-cpu' in Node, '@tensorflow/tfjs-backend-webgl' in a page.",
  });
}
