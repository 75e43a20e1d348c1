import { nodeRuntime, type Runtime } from '@polytask/compile';
import { sliceBatch } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it, vi } from 'vitest';
import { ForwardGraphs } from './forward-graphs.ts';
import { tinyBatch, tinyModel } from './testing/tiny.ts';

let runtime: Runtime;
beforeAll(async () => {
  await tf.setBackend('cpu');
  runtime = await nodeRuntime();
});

it('runs a smaller batch in the graph of a larger one, with the same numbers for its rows', async () => {
  const model = tinyModel();
  const load = vi.fn((file: Uint8Array) => runtime.load(file));
  const graphs = new ForwardGraphs(model, { ...runtime, load }, (batch) => model.forward(batch).logits);
  const batch = tinyBatch(model, 6);
  const large = await graphs.run(batch);
  const small = await graphs.run(sliceBatch(batch, 0, 2));
  expect([large.rows, small.rows]).toEqual([6, 6]);
  expect(load).toHaveBeenCalledTimes(1);
  for (const task of model.taskNames) {
    for (const row of [0, 1]) expect(small.results[task]!.data[row]).toBe(large.results[task]!.data[row]);
  }
  await graphs.run(tinyBatch(model, 7));
  expect(load).toHaveBeenCalledTimes(2);
  await graphs.close();
  model.dispose();
});

it('reads the parameters that the model has at each run', async () => {
  const model = tinyModel();
  const graphs = new ForwardGraphs(model, runtime, (batch) => model.forward(batch).logits);
  const batch = tinyBatch(model, 3);
  const click = async () => [...(await graphs.run(batch)).results['click']!.data] as number[];
  const before = await click();
  const { variable } = model.store.trainable().find(({ name }) => name.startsWith('heads') && name.endsWith('bias'))!;
  tf.tidy(() => variable.assign(tf.add(variable, 1)));
  (await click()).forEach((logit, row) => expect(logit - before[row]!).toBeCloseTo(1, 5));
  await graphs.close();
  model.dispose();
});
