import { nodeRuntime, type Runtime, type HostTensor } from '@polytask/compile';
import {
  sliceBatch,
  lossesOf,
  withRandomTensors,
  type Batch,
  type BatchTensors,
  type MultiTaskModel,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it, vi } from 'vitest';
import { ForwardGraphs, checkSameGraph, loadGraph, traceModel, type LoadedGraph } from './trace-model.ts';
import { tinyBatch, tinyModel } from './testing/tiny.ts';
import { batchFeeds, batchInputs, parameterInput, readSnapshot } from './inputs.ts';

beforeAll(() => tf.setBackend('cpu'));

const loaded = async (graph: ReturnType<typeof traceModel>) => {
  const runtime = await nodeRuntime();
  return loadGraph((file) => runtime.load(file), graph);
};

/** Runs a graph with a batch, the model's parameters, and whatever else it reads. */
async function run(
  { session, inputs }: LoadedGraph,
  model: Pick<MultiTaskModel, 'layout' | 'taskNames' | 'store'>,
  batch: Batch,
  more: Record<string, HostTensor> = {},
) {
  const given = { ...more, ...batchFeeds(batchInputs(model, batch.size), batch) };
  for (const { name, variable } of model.store.all()) {
    given[parameterInput(name)] = { type: 'float32', shape: variable.shape, data: variable.dataSync<'float32'>() };
  }
  const feeds = [...inputs].map(([name, shape]) => [name, { ...given[name]!, shape }]);
  return session.run(Object.fromEntries(feeds) as Record<string, HostTensor>);
}

it('gives the numbers of the function itself, and reads what the function reads', async () => {
  const model = tinyModel();
  const batch = tinyBatch(model, 4);
  const graph = await loaded(
    traceModel(model, (call) => model.forward(call.batch).logits, { rows: 4, labeled: false }),
  );
  const results = await run(graph, model, batch);
  const expected = tf.tidy(() => {
    const { logits } = model.forward(model.toTensors(batch));
    return model.taskNames.map((task) => [...logits[task].dataSync()]);
  });
  model.taskNames.forEach((task, t) =>
    expected[t]!.forEach((value, row) => expect(results[task]!.data[row]).toBeCloseTo(value, 5)),
  );
  expect([...graph.inputs.keys()]).not.toContain('labels');
  expect(graph).not.toHaveProperty('file');
  await graph.session.release();
  model.dispose();
});

it('has the next values of buffers as outputs where it is asked to', async () => {
  const model = tinyModel();
  const loss = ({ batch }: { batch: BatchTensors }) => ({
    loss: lossesOf(model, batch, { training: true }).total,
  });
  expect(traceModel(model, loss, { rows: 4 }).buffers).toEqual([]);
  const graph = await loaded(traceModel(model, loss, { rows: 4, updates: true }));
  const untrained = model.store.all().filter(({ trainable }) => !trainable);
  expect(graph.buffers.map(({ parameter }) => parameter).sort()).toEqual(untrained.map(({ name }) => name).sort());
  const batch = tinyBatch(model, 4);
  const results = await run(graph, model, batch);
  tf.tidy(() => void lossesOf(model, model.toTensors(batch), { training: true }));
  for (const { parameter, output } of graph.buffers) {
    const moved = [...model.store.get(parameter).variable.dataSync()];
    moved.forEach((value, i) => expect(results[output]!.data[i]).toBeCloseTo(value, 5));
  }
  await graph.session.release();
  model.dispose();
});

it('makes one input for the draws with one number, however many passes ask for it', async () => {
  const model = tinyModel(0.5);
  const { draws, inputs } = traceModel(
    model,
    ({ batch, random }) => {
      const pass = () => {
        let index = 0;
        return withRandomTensors(
          (draw) => random(draw, index++),
          () => lossesOf(model, batch, { training: true }).total,
        );
      };
      return { difference: tf.sub(pass(), tf.mul(2, pass())) };
    },
    { rows: 4 },
  );
  expect(draws.map(({ name }) => name)).toEqual(['random:0']);
  expect(inputs.get('random:0')).toEqual(draws[0]!.draw.shape);
  model.dispose();
});

it('leaves no tensor behind, and none when the function fails', () => {
  const model = tinyModel(0.5);
  const trace = (fails: boolean) =>
    traceModel(
      model,
      ({ batch, random, keep }) => {
        const { total } = withRandomTensors(
          (draw) => random(draw, 0),
          () => lossesOf(model, batch, { training: true }),
        );
        keep(total);
        if (fails) throw new Error('on purpose');
        return { total };
      },
      { rows: 4 },
    );
  trace(false);
  const before = tf.memory().numTensors;
  trace(false);
  expect(() => trace(true)).toThrow('on purpose');
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

it('refuses a graph that has numbers drawn while the model ran as constants', () => {
  const model = tinyModel(0.5);
  const write = (training: boolean) => () =>
    traceModel(model, ({ batch }) => ({ total: lossesOf(model, batch, { training }).total }), { rows: 8 }).file;
  expect(() => checkSameGraph(write(true))).toThrow('draws random numbers of its own');
  expect(() => checkSameGraph(write(false))).not.toThrow();
  model.dispose();
});

it('a snapshot does not move with the model', async () => {
  const model = tinyModel();
  const snapshot = await readSnapshot(model);
  const { name, variable } = model.store.trainable()[0]!;
  const before = [...snapshot[parameterInput(name)]!];
  expect(before).toEqual([...variable.dataSync()]);
  tf.tidy(() => variable.assign(tf.add(variable, 1)));
  expect([...snapshot[parameterInput(name)]!]).toEqual(before);
  expect(Object.keys(snapshot)).toEqual(model.store.all().map((parameter) => parameterInput(parameter.name)));
  model.dispose();
});

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
