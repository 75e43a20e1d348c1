import { defineCompositeNetwork, multiTaskModel, startLanes } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { evaluate } from '../evaluation/evaluate.ts';
import { tinyExamples, tinyTasks } from '../testing/tiny.ts';

beforeAll(() => tf.setBackend('cpu'));

let calls = 0;
/** Heads on the features; its loops copy them. */
const copied = defineCompositeNetwork('test.on-host', (_, { tasks, input }) => ({
  ...{ levels: [], outputDim: input.outputDim, inputLanes: tasks },
  apply: (x) => startLanes(tasks, x),
  onHost(raw) {
    calls++;
    return Promise.resolve(new Map(tasks.map((task) => [task, raw.slice()])));
  },
}));
const plain = defineCompositeNetwork('test.on-device', (_, { tasks, input }) => ({
  ...{ levels: [], outputDim: input.outputDim, inputLanes: tasks },
  apply: (x) => startLanes(tasks, x),
}));

test('a network with loops is measured by them on both engines, with the numbers of tensors', async () => {
  const rows = tinyExamples(tinyTasks, 90, 1);
  const measured = async (network: ReturnType<typeof plain>, engine: 'eager' | 'compiled') => {
    const model = multiTaskModel({ schema: rows.schema, network, seed: 7 });
    const tensors = tf.memory().numTensors;
    const { predictions } = await evaluate(model, rows, { engine, predictions: true });
    if (engine === 'eager') expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
    return predictions;
  };
  const wanted = await measured(plain({}), 'eager');
  expect(calls).toBe(0);
  for (const engine of ['eager', 'compiled'] as const) {
    const before = calls;
    expect(await measured(copied({}), engine)).toEqual(wanted);
    expect(calls).toBeGreaterThan(before);
  }
});
