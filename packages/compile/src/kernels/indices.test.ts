import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { nodeRuntime } from '../runtimes/node-runtime.ts';
import { checkCase } from '../testing/check-case.ts';
import { kernelCases } from '../testing/kernel-cases.ts';
import { trace } from '../trace.ts';

beforeAll(() => tf.setBackend('cpu'));

const SPECS = { x: { shape: [100_000, 4] }, ids: { shape: [100_000], dtype: 'int32' } } as const;
const sums = (x: tf.Tensor, ids: tf.Tensor) => tf.unsortedSegmentSum(x, ids as tf.Tensor1D, 3);

it.each(['ScatterNd', 'TensorScatterUpdate', 'SparseToDense', 'UnsortedSegmentSum'])(
  '%s is the same with several threads',
  async (kernel) => {
    const runtime = await nodeRuntime({ threads: 2 });
    for (const each of kernelCases().get(kernel)!) await checkCase(each, runtime);
  },
);

it('loses no update of a place that two threads write to', async () => {
  const runtime = await nodeRuntime({ threads: 2, spinning: true });
  const compiled = await compile(sums, SPECS, { runtime });
  const x = new Float32Array(400_000).fill(1);
  const ids = Int32Array.from({ length: 100_000 }, (_, i) => i % 2);
  for (let i = 0; i < 20; i++) {
    const { output } = await compiled.run({ x, ids });
    expect([...output!.data]).toEqual([50_000, 50_000, 50_000, 50_000, 50_000, 50_000, 50_000, 50_000, 0, 0, 0, 0]);
  }
  await compiled.dispose();
});

it('takes the fast operation only where one thread is certain', () => {
  const operations = (threads?: number) =>
    trace(sums, SPECS, threads === undefined ? {} : { threads }).graph.nodes.map(({ op }) => op);
  expect(operations(1)).toContain('ScatterND');
  expect(operations(2)).toContain('ScatterElements');
  expect(operations()).toContain('ScatterElements');
});
