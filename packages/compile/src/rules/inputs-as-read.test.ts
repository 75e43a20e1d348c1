import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import type { Recorded } from '../graph/graph.ts';
import { rewrite } from '../rewrite/rewrite.ts';
import { operations } from '../testing/check-rule.ts';
import { nodeRuntime } from '../runtimes/node-runtime.ts';
import { trace } from '../trace.ts';
import { inputsAsRead } from './layouts.ts';
import { writeModel } from '../onnx/write-model.ts';

const shapes = { a: [2, 3], b: [6], c: [6], d: [6] };

it('gives inputs the shape that they are read in, where it is one', async () => {
  const fn = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, d: tf.Tensor) => ({
    of_a: tf.sin(tf.reshape(a, [3, 2])),
    of_b: tf.add(tf.sin(tf.reshape(b, [2, 3])), tf.reshape(tf.cos(b), [2, 3])), // also as it is
    of_c: tf.add(tf.sin(tf.reshape(c, [2, 3])), tf.reshape(tf.cos(tf.reshape(c, [3, 2])), [2, 3])), // two shapes
    of_d: tf.reshape(d, [3, 2]),
    whole: d, // a result itself
  });
  const specs = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }]));
  const recorded = trace(fn as never, specs);
  const after = rewrite(recorded, [[inputsAsRead]]);
  expect(after.graph.inputs.map(({ input, shape }) => [input, shape])).toEqual([
    ['a', [3, 2]],
    ['b', [6]],
    ['c', [6]],
    ['d', [6]],
  ]);
  const reshapes = (graph: Recorded) => operations(graph).filter((op) => op === 'Reshape').length;
  expect(reshapes(after)).toBe(reshapes(recorded) - 1);

  const session = await (await nodeRuntime()).load(writeModel(after.graph, after.outputs));
  const data = Float32Array.from([0, 1, 2, 3, 4, 5]);
  const results = await session.run(
    Object.fromEntries(after.graph.inputs.map(({ input, shape }) => [input!, { type: 'float32', shape, data }])),
  );
  await session.release();
  expect(results['of_a']!.shape).toEqual([3, 2]);
  expect([...results['of_a']!.data].map(Number)).toEqual([...data].map((x) => expect.closeTo(Math.sin(x), 6)));
});
