import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import type { Value } from './graph.ts';
import { nodeRuntime } from '../runtimes/node-runtime.ts';
import type { HostTensor } from '../runtimes/runtime.ts';
import { trace } from '../trace.ts';
import { FIRSTS, productsAlone } from './products-alone.ts';
import { writeModel } from '../onnx/write-model.ts';

beforeAll(() => tf.setBackend('cpu'));

/** relu(x w) summed, and its gradient for w: the products x w and xᵀ g. */
const specs = { x: { shape: [5, 3] }, w: { shape: [3, 2] } };
const step = (x: tf.Tensor, w: tf.Tensor) => ({
  loss: tf.sum(tf.relu(tf.matMul(x, w))),
  gradient: tf.grad((kernel: tf.Tensor) => tf.sum(tf.relu(tf.matMul(x, kernel))))(w),
});

it('keeps the products and the transposes of their operands, with inputs in place of all else', async () => {
  const alone = productsAlone(trace(step, specs));
  const ops = alone.graph.nodes.map(({ op }) => op);
  expect(ops.filter((op) => op === 'MatMul')).toHaveLength(2);
  expect(new Set(ops)).toEqual(new Set(['MatMul', 'Transpose', 'Slice', 'Reshape', 'Concat']));
  const shapes = alone.graph.inputs.map(({ shape }) => shape);
  expect(shapes).toEqual([
    [5, 3],
    [3, 2],
    [5, 2],
  ]); // x once for both, w, and what came to x w's gradient
});

it('computes every one of them', async () => {
  const { graph, outputs } = productsAlone(trace(step, specs));
  const numbers = ({ shape }: Value, i: number) =>
    Float32Array.from({ length: shape[0]! * shape[1]! }, (_, k) => Math.sin(1 + i + k));
  const feeds = graph.inputs.map((input, i): [string, HostTensor] => [
    input.input!,
    { type: 'float32', shape: input.shape, data: numbers(input, i) },
  ]);
  const session = await (await nodeRuntime()).load(writeModel(graph, outputs));
  const { data } = (await session.run(Object.fromEntries(feeds)))[FIRSTS]!;
  await session.release();

  const [x, w, g] = graph.inputs.map((input, i) => tf.tensor(numbers(input, i), [...input.shape])) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const expected = [tf.matMul(x, w), tf.matMul(x, g, true)].map((product) => product.dataSync()[0]!);
  expected.forEach((number, i) => expect(data[i]).toBeCloseTo(number, 5));
});

it('says so where there is no product', () => {
  expect(() => productsAlone(trace((x) => tf.relu(x!), { x: { shape: [2] } }))).toThrow('no matrix product');
});
