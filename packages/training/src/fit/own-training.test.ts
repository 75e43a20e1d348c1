import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineFinding, number, optional } from '@polytask/components';
import { defineCompositeNetwork, multiTaskModel, startLanes, type NetworkTraining } from '@polytask/core';
import { gradNorm } from '@polytask/balancing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { earlyStopping } from '../stopping/early-stopping.ts';
import { tinyExamples, tinyTasks } from '../testing/tiny.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { fit } from './fit.ts';

beforeAll(() => tf.setBackend('cpu'));

const longer = defineFinding<'task'>('still-improving', { says: ({ task }) => `Give ${task} more.` });

/** The arguments and the work of a trainer. */
let seen: NetworkTraining[] = [];
let work: (training: NetworkTraining) => Promise<void> = async () => {};
beforeEach(() => void ([seen, work] = [[], async () => {}]));

/** Heads on the features, which its trainer sets to .5. */
const own = defineCompositeNetwork(
  'test.own-training',
  (_, { tasks, input }) => ({
    ...{ levels: [], outputDim: input.outputDim, inputLanes: tasks },
    apply: (x) => startLanes(tasks, x),
  }),
  {
    options: { of: optional(number()) },
    async trainer(training) {
      seen.push(training);
      await work(training);
      for (const { variable } of training.model.store.all()) variable.assign(tf.fill(variable.shape, 0.5));
      return { losses: { click: 0.5, stars: NaN, minutes: 2 }, findings: [longer({ task: 'click' }, {})] };
    },
  },
);

const train = tinyExamples(tinyTasks, 130, 1);
const validation = tinyExamples(tinyTasks, 60, 2);
const build = () => multiTaskModel({ schema: train.schema, network: own({ of: 3 }), seed: 7 });

test('a network that brings its training has one epoch of one step on all rows', async () => {
  const model = build();
  const epochs: number[] = [];
  const result = await fit(model, train, {
    ...{ validation, epochs: 20, batchSize: 10, stopping: earlyStopping({ metric: 'loss' }), engine: 'eager' },
    callbacks: { onEpochEnd: ({ epoch }) => void epochs.push(epoch) },
  });
  const { history, steps, stopped, best, warnings, engine } = result;
  expect(seen.map(({ config, train, validation }) => [config, train.size, validation?.size])).toEqual([
    [{ of: 3 }, 130, 60],
  ]);
  const rows = Uint32Array.from({ length: 130 }, (_, row) => row);
  expect(seen[0]!.train).toEqual(train.batch(rows)); // in their order
  expect({ epochs, steps, stopped, engine }).toEqual({
    epochs: [1],
    steps: 1,
    stopped: 'epochs',
    engine: 'test.own-training',
  });
  expect(history).toHaveLength(1);
  expect(history[0]).toMatchObject({ loss: 2.5, losses: { click: 0.5, minutes: 2 } });
  expect(history[0]!.validation).toEqual(await evaluate(model, validation, { engine: 'eager' }));
  expect(best?.epoch).toBe(1);
  expect(warnings.filter(({ kind }) => kind === 'still-improving')).toEqual([longer({ task: 'click' }, {})]);
  expect(model.store.all().every(({ variable }) => variable.dataSync().every((value) => value === 0.5))).toBe(true);
  model.dispose();
});

test('only early stopping lets it read validation rows', async () => {
  const model = build();
  await fit(model, train, { validation, engine: 'eager' });
  expect(seen[0]!.validation).toBeUndefined();
  model.dispose();
});

test('a signal ends it between two pauses', async () => {
  const model = build();
  const controller = new AbortController();
  work = async ({ pause }) => {
    await pause(0.1);
    controller.abort(new Error('enough'));
    await pause(0.2);
    throw new Error('not reached');
  };
  await expect(fit(model, train, { engine: 'eager', signal: controller.signal })).rejects.toThrow('enough');
  model.dispose();
});

test('a finished training is resumed from its checkpoint', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'polytask-own-'));
  const options = { validation, engine: 'eager', checkpoint: { directory }, resume: true } as const;
  const [model, again] = [build(), build()];
  const { history } = await fit(model, train, options);
  const resumed = await fit(again, train, options);
  expect(seen).toHaveLength(1);
  expect(resumed.history).toEqual(history);
  expect(again.predict(validation)).toEqual(model.predict(validation));
  model.dispose();
  again.dispose();
  await rm(directory, { recursive: true });
});

test('streams and balancers are errors', async () => {
  const model = build();
  const stream = { schema: train.schema, size: 10, async *chunks() {} };
  await expect(fit(model, stream, { engine: 'eager' })).rejects.toThrow('received a stream');
  await expect(fit(model, train, { engine: 'eager', balancing: gradNorm() })).rejects.toThrow('received gradnorm');
  expect(seen).toEqual([]);
  model.dispose();
});
