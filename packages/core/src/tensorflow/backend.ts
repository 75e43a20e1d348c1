import { loadTensorflow } from '#tensorflow';
import * as tf from '@tensorflow/tfjs-core';
import { fail } from '@polytask/components';

/** @throws PolytaskError that names the packages to import, when TensorFlow.js has no backend. In Node, it loads an installed one */
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

/** @throws PolytaskError on the backend `webgpu`, where a read that doesn't wait may return zeros without an error */
export function requireBlockingReads(call: string, instead: string): void {
  if (tf.getBackend() !== 'webgpu') return;
  fail({
    expected: `a backend that ${call} can read without waiting`,
    received: '"webgpu"',
    fix: `Call await ${instead} with the same arguments.`,
  });
}
