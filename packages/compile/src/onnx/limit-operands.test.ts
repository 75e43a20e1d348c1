import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { nodeRuntime } from '../runtimes/node-runtime.ts';
import { readModel } from '../testing/onnx-schema.ts';
import { trace } from '../trace.ts';
import { limitOperands } from './limit-operands.ts';
import { writeModel } from './write-model.ts';

beforeAll(() => tf.setBackend('cpu'));

const names = Array.from({ length: 15 }, (_, i) => `x${i}`);
const specs = Object.fromEntries(names.map((name, i) => [name, { shape: [2, i + 1] }]));
const feeds = Object.fromEntries(
  names.map((name, i) => {
    const data = Float32Array.from({ length: 2 * (i + 1) }, (_, n) => 100 * i + n);
    return [name, { type: 'float32' as const, shape: [2, i + 1], data }];
  }),
);

it.each([2, 3, 7, 14])('joins 15 tensors, at most %i at once, as one Concat does', async (most) => {
  const { graph, outputs } = trace((...xs) => ({ joined: tf.concat(xs, 1) }), specs);
  const file = writeModel(graph, outputs);
  const limited = limitOperands(file, most);
  const nodes = readModel(limited).graph.node.filter(({ opType }) => opType === 'Concat');
  expect(Math.max(...nodes.map(({ input }) => input.length))).toBeLessThanOrEqual(most);
  const runtime = await nodeRuntime();
  const [one, tree] = await Promise.all(
    [file, limited].map(async (each) => {
      const { run, release } = await runtime.load(each);
      const { joined } = await run(feeds);
      await release();
      return joined;
    }),
  );
  expect(tree).toEqual(one);
});

it('gives a file back that is within the limit', () => {
  const { graph, outputs } = trace((...xs) => ({ joined: tf.concat(xs, 1) }), specs);
  const file = writeModel(graph, outputs);
  expect(limitOperands(file, 15)).toBe(file);
});
