import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';

// Vite may load a package as ESM where Node loads it as CommonJS; two engines in a process would not see each other's
// tensors, backends and variables.
test('a test process has one TF.js, however it is loaded', () => {
  expect(createRequire(import.meta.url)('@tensorflow/tfjs').Tensor).toBe(tf.Tensor);
  expect(tf.findBackend('cpu')).toBeTruthy();
  expect(tf.findBackendFactory('wasm')).toBeTypeOf('function');
});
