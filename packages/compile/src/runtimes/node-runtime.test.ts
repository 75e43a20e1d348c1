import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { missingRuntime } from './missing-runtime.ts';
import { nodeRuntime } from './node-runtime.ts';

beforeAll(() => tf.setBackend('cpu'));

it('runs with several threads, spinning or not', async () => {
  for (const options of [{ threads: 2 }, { threads: 2, spinning: true }]) {
    const runtime = await nodeRuntime(options);
    expect(runtime.threads).toBe(2);
    const double = await compile((x) => tf.mul(x, 2), { x: { shape: [2] } }, { runtime });
    expect([...(await double.run({ x: [1, 2] }))['output']!.data]).toEqual([2, 4]);
    await double.dispose();
  }
});

it('hands execution providers to ONNX Runtime, which says what it lacks', async () => {
  const runtime = await nodeRuntime({ executionProviders: [{ name: 'abacus' }] });
  await expect(compile((x) => tf.neg(x), { x: { shape: [1] } }, { runtime })).rejects.toThrow(/abacus/);
});

it('says what to install when the package is missing', () => {
  const cause = new Error("Cannot find package 'onnxruntime-node'\nImported from x");
  const error = missingRuntime('onnxruntime-node', cause);
  expect(error.message).toContain(
    "onnxruntime-node can't be loaded: Cannot find package 'onnxruntime-node'. Install it with npm install onnxruntime-node",
  );
  expect(error.message).toContain('ONNXRUNTIME_NODE_INSTALL=skip');
  expect(error.cause).toBe(cause);
  expect(missingRuntime('onnxruntime-web', 'gone').message).toBe(
    "onnxruntime-web can't be loaded: gone. Install it with npm install onnxruntime-web.",
  );
});
