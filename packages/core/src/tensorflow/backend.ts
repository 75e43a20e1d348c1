import { loadTensorflow } from '#tensorflow';
import * as tf from '@tensorflow/tfjs-core';
import { fail } from '../errors/errors.ts';

/**
 * Makes sure that TensorFlow.js has a backend. In Node, this loads `@tensorflow/tfjs` for a program that imports no backend.
 *
 * @throws PolytaskError that names the packages to import, when there is no backend
 */
export function requireBackend(): void {
  if (Object.keys(tf.engine().registryFactory).length > 0 || loadTensorflow()) return;
  fail({
    expected: 'a backend of TensorFlow.js',
    received: 'none',
    mend: "Install and import '@tensorflow/tfjs', or a backend alone, such as '@tensorflow/tfjs-backend-webgl'.",
  });
}
