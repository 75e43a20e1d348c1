import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { writeModel } from '../onnx/write-model.ts';
import { trace } from '../trace.ts';
import { importPackage } from './onnxruntime.ts';
import { nodeRuntime } from './node-runtime.ts';
import type { HostTensor } from './runtime.ts';

beforeAll(() => tf.setBackend('cpu'));

it('runs with several threads, spinning for a while, for ever, or not', async () => {
  for (const options of [
    { threads: 2 },
    { threads: 2, spinning: true },
    { threads: 2, spinning: false },
    { threads: 2, spinning: 500 },
  ]) {
    const runtime = await nodeRuntime(options);
    expect(runtime.threads).toBe(2);
    const double = await compile((x) => tf.mul(x, 2), { x: { shape: [2] } }, { runtime });
    expect([...(await double.run({ x: [1, 2] }))['output']!.data]).toEqual([2, 4]);
    await double.dispose();
  }
});

async function session() {
  const { graph, outputs } = trace((x) => ({ double: tf.mul(x, 2), square: tf.square(x) }), { x: { shape: [2] } });
  return (await nodeRuntime()).load(writeModel(graph, outputs));
}

const host = (data: Float32Array): HostTensor => ({ type: 'float32', shape: [data.length], data });

it('reads and writes in place, in the memory of WebAssembly too', async () => {
  const { buffer } = new WebAssembly.Memory({ initial: 1 });
  const [x, double] = [host(new Float32Array(buffer, 4, 2)), host(new Float32Array(buffer, 64, 2))]; // not at the same alignment
  const { run, release } = await session();
  for (const numbers of [
    [1, 2],
    [3, -4],
  ]) {
    x.data.set(numbers); // the same objects again: what was made of them reads the new numbers
    const results = await run({ x }, { into: { double } });
    expect(results['double']).toBe(double);
    expect([...double.data]).toEqual(numbers.map((each) => 2 * each));
    expect(results['square']).toEqual(host(Float32Array.from(numbers, (each) => each * each)));
    expect(new Float32Array(buffer, 72, 4)).toEqual(new Float32Array(4)); // nothing beyond it
  }
  await release();
});

it('refuses a place for an output that is not there, or not of its shape', async () => {
  const { run, release } = await session();
  const x = host(Float32Array.of(1, 2));
  await expect(run({ x }, { into: { triple: x } })).rejects.toThrow(
    'There is no output "triple": the model has "double", "square".',
  );
  await expect(run({ x }, { into: { double: host(new Float32Array(3)) } })).rejects.toThrow(
    'invalid dimensions for output: double',
  );
  await release();
});

it.each([-1, 0.5, NaN])('refuses %s microseconds of spinning', async (spinning) => {
  await expect(nodeRuntime({ spinning })).rejects.toThrow(`for nodeRuntime.spinning, received ${spinning}. Pass 50`);
});

it('hands execution providers to ONNX Runtime, which says what it lacks', async () => {
  const runtime = await nodeRuntime({ executionProviders: [{ name: 'abacus' }] });
  await expect(compile((x) => tf.neg(x), { x: { shape: [1] } }, { runtime })).rejects.toThrow(/abacus/);
});

it('says what to install when the package is missing', async () => {
  const cause = new Error("Cannot find package 'onnxruntime-node'\nImported from x");
  await expect(importPackage('onnxruntime-node', () => Promise.reject(cause))).rejects.toMatchObject({
    message:
      "onnxruntime-node can't be loaded: Cannot find package 'onnxruntime-node'. " +
      'Install it with npm install --ignore-scripts onnxruntime-node.',
    cause,
  });
  const gone = new Promise(() => {
    throw 'gone';
  });
  await expect(importPackage('onnxruntime-web', () => gone)).rejects.toThrow(
    "onnxruntime-web can't be loaded: gone. Install it with npm install onnxruntime-web.",
  );
});
