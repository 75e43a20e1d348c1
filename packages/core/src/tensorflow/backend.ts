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
    fix:
      "Install and import a backend: '@tensorflow/tfjs-backend-cpu' in Node, " +
      "'@tensorflow/tfjs-backend-webgl' in a page.",
  });
}

/**
 * Makes sure that a call may wait for numbers without giving the event loop a turn. On WebGPU such a read may return zeros
 * without an error.
 *
 * @param call the name of the call that reads
 * @param instead the asynchronous call with the same result
 * @throws PolytaskError on the backend `webgpu`
 */
export function requireBlockingReads(call: string, instead: string): void {
  if (tf.getBackend() !== 'webgpu') return;
  fail({
    expected: `a backend that ${call} can read without waiting`,
    received: '"webgpu"',
    fix: `Call await ${instead} with the same arguments.`,
  });
}
