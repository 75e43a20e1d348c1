import * as tf from '@tensorflow/tfjs';
import { afterAll, expect, it, vi } from 'vitest';

afterAll(() => vi.resetModules());

it('records for a module that is evaluated a second time, as the entry of a worker is in WebKit', async () => {
  await tf.setBackend('cpu');
  const first = await import('../trace.ts');
  vi.resetModules();
  const second = await import('../trace.ts');
  expect(second.trace).not.toBe(first.trace);
  for (const { trace } of [first, second, first]) {
    const { graph, kernels } = trace((x) => tf.neg(x), { x: { shape: [2] } });
    expect(graph.inputs.map(({ input }) => input)).toEqual(['x']);
    expect(kernels).toEqual(['Neg']);
  }
});
