import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { packages } from '../workspace.js';
import { buildBundled } from './bundled.js';

const training = /** @type {import('./entries.js').Package} */ (
  packages().find(({ manifest }) => manifest.name === '@polytask/training')
);

/** What the build gives Node for `@polytask/training/gradients`. */
async function bundled() {
  const directory = mkdtempSync(join(tmpdir(), 'polytask-gradients-'));
  try {
    const target = join(directory, 'bundled.js');
    await buildBundled(training, './src/gradients/browser.ts', target);
    return readFileSync(target, 'utf8');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const PROGRAM = `
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
const kernels = Object.values(tf).filter((value) => typeof value === 'string');
const gradients = () => kernels.filter((name) => tf.getGradient(name)).sort();
createRequire(import.meta.url)('@tensorflow/tfjs-backend-cpu');
const x = tf.tensor2d([[0.5, -1], [2, 3]]);
const loss = (x) => tf.sum(tf.mul(tf.softmax(tf.matMul(x, x)), tf.gather(x, [1, 0])));
const slope = tf.grad(loss)(x);
console.log(JSON.stringify({
  gradients: gradients(),
  slope: [...slope.dataSync()],
  isOneCopy: slope instanceof tf.Tensor && slope.constructor === x.constructor && slope.constructor === tf.Tensor,
  tensors: tf.memory().numTensors,
}));
`;

it('Node has the gradients of @tensorflow/tfjs with tfjs-core and a backend alone', { tags: ['long'] }, async () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-'], {
    cwd: training.directory,
    encoding: 'utf8',
    input: (await bundled()) + PROGRAM,
  });
  /** @type {{ gradients: string[], slope: number[], isOneCopy: boolean, tensors: number }} */
  const { gradients, slope, isOneCopy, tensors } = JSON.parse(stdout.split('\n').at(-2) || stderr);
  const kernels = Object.values(tf).filter((value) => typeof value === 'string');
  expect(gradients).toEqual(kernels.filter((name) => tf.getGradient(name)).sort());
  expect(gradients.length).toBeGreaterThan(100);
  expect([isOneCopy, tensors]).toEqual([true, 2]);

  await tf.setBackend('cpu');
  const expected = tf.tidy(() => {
    const loss = (/** @type {import('@tensorflow/tfjs').Tensor} */ x) =>
      tf.sum(tf.mul(tf.softmax(tf.matMul(x, x)), tf.gather(x, [1, 0])));
    const x = tf.tensor2d([0.5, -1, 2, 3], [2, 2]);
    return [...tf.grad(loss)(x).dataSync()];
  });
  expect(slope).toEqual(expected);
});
