import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { labelsOf, binary, type Examples } from '@polytask/core';
import { syntheticTasks } from '@polytask/data';
import { models, parseResult, type RegisteredModel, type SuiteEntry } from '@polytask/study';
import type { TrialResult } from '@polytask/study';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunOptions } from './run-options.ts';
import { runSuite } from './run-suite.ts';

const generator = syntheticTasks({ tasks: ['click', 'like'], dimension: 5, kind: 'binary', seed: 1 });
const read = { train: vi.fn(), test: vi.fn() };

/** A suite that takes milliseconds, and counts what is read. */
const toy: SuiteEntry = {
  name: 'toy',
  description: 'for tests',
  needsDirectory: false,
  defaults: {
    seeds: [1, 2],
    epochs: 2,
    batchSize: 32,
    learningRate: 0.01,
    patience: 2,
    size: { levels: [4], experts: 4, tower: [3], embedding: 2 },
  },
  open: async ({ limitRows = 64 }) => ({
    tasks: generator.schema.tasks,
    config: { set: 'toy', rows: limitRows },
    trial(seed) {
      read.train(seed);
      return {
        train: generator.sample(limitRows, 10 * seed),
        validation: generator.sample(40, 10 * seed + 1),
        test() {
          read.test(seed);
          return generator.sample(40, 10 * seed + 2);
        },
      };
    },
  }),
};
const options = { suite: toy, models: ['single-task', 'adatt'], engine: 'cpu' } satisfies RunOptions;

let out: string;
beforeEach(async () => {
  out = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  vi.clearAllMocks();
});
afterEach(() => rm(out, { recursive: true, force: true }));

const linesOf = async () => (await readFile(path.join(out, 'results.jsonl'), 'utf8')).trim().split('\n');

test('each model runs with each seed on the same rows, and takes the test rows once', async () => {
  const {
    summaries: [summary],
    trials,
    failures,
  } = await runSuite(options);
  expect(trials.map(({ model, seed }) => [model, seed])).toEqual([
    ['single-task', 1],
    ['adatt', 1],
    ['single-task', 2],
    ['adatt', 2],
  ]);
  expect(read.train.mock.calls.flat()).toEqual([1, 2]); // once a seed, whatever the models
  expect(read.test.mock.calls.flat()).toEqual([1, 1, 2, 2]); // once a trial
  expect(failures).toEqual([]);
  expect(summary).toMatchObject({ suite: 'toy', engine: 'cpu', seeds: [1, 2], baseline: 'single-task' });
  expect(summary.models.map(({ model }) => model)).toEqual(['single-task', 'adatt']);
  expect(summary.comparisons['auc']!.models['adatt']!.gain!.mean.n).toBe(2);
});

test('a trial has what results.jsonl promises', async () => {
  await runSuite({ ...options, models: ['adatt'], seeds: [3], out });
  const [line, ...others] = await linesOf();
  expect(others).toEqual([]);
  const trial = (await parseResult(line!, 'results.jsonl')) as TrialResult;
  expect(trial).toMatchObject({
    suite: 'toy',
    model: 'adatt',
    seed: 3,
    engine: 'cpu',
    config: {
      data: { set: 'toy', rows: 64 },
      training: {
        epochs: 2,
        batchSize: 32,
        learningRate: 0.01,
        optimizer: { kind: 'optimizer', name: 'adam', config: {} },
        selection: 'auc',
      },
    },
  });
  expect(Object.keys(trial.metrics)).toEqual(['click', 'like']);
  for (const { auc, ne } of Object.values(trial.metrics)) {
    expect(auc).toBeGreaterThan(0);
    expect(auc).toBeLessThan(1);
    expect(ne).toBeGreaterThan(0);
  }
  expect(Object.keys(trial.versions)).toEqual(['@polytask/bench', '@polytask/core', '@tensorflow/tfjs', 'node']);
  expect(trial.bestEpoch).toBeLessThanOrEqual(trial.epochs);
  expect(trial.fusion[0]).toMatchObject({
    outputs: ['click', 'like'],
    experts: ['click.0', 'like.0', 'shared.0', 'shared.1'],
  });
  for (const row of trial.fusion[0]!.gated) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 3); // a softmax
});

test('the same seed gives the same numbers, another seed others', async () => {
  const run = async (seed: number) => (await runSuite({ ...options, models: ['adatt'], seeds: [seed] })).trials[0]!;
  const [first, again, other] = [await run(1), await run(1), await run(2)];
  expect(again.metrics).toEqual(first.metrics);
  expect(again.fusion).toEqual(first.fusion);
  expect(other.metrics).not.toEqual(first.metrics);
});

test('a run that was stopped goes on where it was', async () => {
  const stop = new AbortController();
  const listener = {
    onTrialEnd: (_: unknown, { number }: { number: number }) =>
      number === 3 ? stop.abort(new Error('stopped')) : undefined,
  };
  await expect(runSuite({ ...options, out, listener, signal: stop.signal })).rejects.toThrow('stopped');
  expect(await linesOf()).toHaveLength(3);

  const started = vi.fn();
  const { trials } = await runSuite({ ...options, out, listener: { onStart: started } });
  expect(started).toHaveBeenCalledWith(expect.objectContaining({ there: 3, total: 4 }));
  expect(await linesOf()).toHaveLength(4);
  expect(trials.map(({ model, seed }) => [model, seed])).toEqual([
    ['single-task', 1],
    ['adatt', 1],
    ['single-task', 2],
    ['adatt', 2],
  ]);

  const whole = await runSuite(options);
  expect(trials.map(({ metrics }) => metrics)).toEqual(whole.trials.map(({ metrics }) => metrics));
});

test('a later run adds models and seeds to the table; another setting, or force, runs anew', async () => {
  const run = async (more: RunOptions) => {
    const started = vi.fn();
    const {
      summaries: [summary],
    } = await runSuite({
      ...options,
      models: ['single-task'],
      seeds: [1],
      out,
      listener: { onStart: started },
      ...more,
    });
    const { there, total } = started.mock.calls[0]![0] as { there: number; total: number };
    return { ran: total - there, rows: summary.models.map(({ model, seeds }) => `${model} ${seeds.join('+')}`) };
  };
  expect(await run({})).toEqual({ ran: 1, rows: ['single-task 1'] });
  expect(await run({})).toEqual({ ran: 0, rows: ['single-task 1'] });
  expect(await run({ models: ['adatt'] })).toEqual({ ran: 1, rows: ['single-task 1', 'adatt 1'] });
  expect(await run({ seeds: [1, 2] })).toEqual({ ran: 1, rows: ['single-task 1+2', 'adatt 1'] });
  expect(await run({ epochs: 1 })).toEqual({ ran: 1, rows: ['single-task 1'] });
  expect(await run({ limitRows: 50 })).toEqual({ ran: 1, rows: ['single-task 1'] });
  expect(await run({ force: true })).toEqual({ ran: 1, rows: ['single-task 1+2', 'adatt 1'] });
});

test('summary and report are written beside the results', async () => {
  const {
    summaries: [summary],
  } = await runSuite({ ...options, seeds: [1], out });
  const written = JSON.parse(await readFile(path.join(out, 'summary.json'), 'utf8')) as unknown;
  expect(written).toEqual(JSON.parse(JSON.stringify([summary])));
  const report = await readFile(path.join(out, 'report.md'), 'utf8');
  for (const text of [
    '# toy',
    '| single-task |',
    '## How it was measured',
    'Seeds: 1.',
    '## Fusion weights, seed 1',
    '### adatt',
    '| task | click.0 |',
  ]) {
    expect(report).toContain(text);
  }
});

test('each model is trained under each balancer, a plain sum with tuned weights, and the plain sum, whose trials stay what they were', async () => {
  const plain = await runSuite({ ...options, seeds: [1], out });
  const started = vi.fn();
  const balancers = ['pcgrad', 'uw'];
  const {
    summaries: [summary],
    trials,
  } = await runSuite({ ...options, balancers, seeds: [1], out, listener: { onStart: started } });
  expect(started).toHaveBeenCalledWith(expect.objectContaining({ there: 2, total: 8 }));
  expect(summary.models.map(({ model }) => model)).toEqual([
    'single-task',
    'single-task + tuned-weights',
    'single-task + pcgrad',
    'single-task + uw',
    'adatt',
    'adatt + tuned-weights',
    'adatt + pcgrad',
    'adatt + uw',
  ]);
  const of = (name: string) => trials.find(({ model }) => model === name)!;
  expect(of('adatt').metrics).toEqual(plain.trials.find(({ model }) => model === 'adatt')!.metrics);
  expect(of('adatt + pcgrad').metrics).not.toEqual(of('adatt').metrics);
  expect(of('adatt + pcgrad').balancing).toHaveLength(2);
  expect(of('adatt + pcgrad').balancing![0]!.gradients!.magnitudeRatio).toBeGreaterThan(1);
  // no parameter is shared where each task has a network of its own and features are numbers
  for (const [task, values] of Object.entries(of('single-task').metrics)) {
    expect(of('single-task + pcgrad').metrics[task]!.auc).toBeCloseTo(values.auc!, 3);
  }
  const report = await readFile(path.join(out, 'report.md'), 'utf8');
  for (const text of ['| adatt + pcgrad |', '## Balancing, seed 1', '### adatt + uw', '| epoch | weight of click |'])
    expect(report).toContain(text);
});

test('a trial that fails is left out and reported; the others go on', async () => {
  const broken: RegisteredModel = {
    name: 'broken',
    description: 'fails when it is built',
    build: (size, tasks) => ({
      ...models()[1]!.build(size, tasks),
      network: { kind: 'network', name: 'no-such-network', config: {} },
    }),
  };
  const onFailure = vi.fn();
  const {
    summaries: [summary],
    failures,
  } = await runSuite({ ...options, models: [broken, 'single-task'], seeds: [1], out, listener: { onFailure } });
  expect(summary.models.map(({ model }) => model)).toEqual(['single-task']);
  expect(failures).toMatchObject([{ model: 'broken', seed: 1 }]);
  expect(onFailure).toHaveBeenCalledTimes(1);
  expect(await readFile(path.join(out, 'report.md'), 'utf8')).toMatch(
    /## Trials that failed\n\n- broken, seed 1: Expected a known kind of network/,
  );
  await expect(runSuite({ ...options, models: [broken], seeds: [1] })).rejects.toThrow(
    'No trial came through. The first failed with: Expected a known kind of network',
  );
});

test('regression tasks are measured by RMSE, and the epoch is picked by the normalized loss', async () => {
  const regression = syntheticTasks({ tasks: ['dwell'], dimension: 5, kind: 'regression', seed: 1 });
  const suite: SuiteEntry = {
    ...toy,
    open: async () => ({
      tasks: regression.schema.tasks,
      config: { set: 'dwell' },
      trial: (seed) => ({
        train: regression.sample(64, seed),
        validation: regression.sample(40, seed + 100),
        test: () => regression.sample(40, seed + 200),
      }),
    }),
  };
  const {
    summaries: [summary],
    trials,
  } = await runSuite({ ...options, suite });
  expect(summary.columns).toEqual([{ task: 'dwell', metric: 'rmse' }]);
  expect(trials[0]!.config.training.selection).toBe('normalizedLoss');
  expect(Object.keys(summary.comparisons)).toEqual(['rmse']);
});

test('a task whose labels are of one class has no AUC: null in the file, in the table a dash and why', async () => {
  const labeled = (examples: Examples): Examples => ({
    ...examples,
    schema: { ...examples.schema, tasks: { click: binary(), like: binary() } },
    batch(rows) {
      const batch = examples.batch(rows);
      labelsOf(batch, 'like').labels.fill(0);
      return batch;
    },
  });
  const suite: SuiteEntry = {
    ...toy,
    open: async (given) => {
      const data = await toy.open(given);
      return { ...data, trial: (seed) => ({ ...data.trial(seed), test: () => labeled(data.trial(seed).test()) }) };
    },
  };
  await runSuite({ ...options, models: ['single-task'], seeds: [1], suite, out });
  expect(((await parseResult((await linesOf())[0]!, 'results.jsonl')) as TrialResult).metrics.like!.auc).toBeNaN();
  expect(await readFile(path.join(out, 'report.md'), 'utf8')).toMatch(
    /\| single-task \[1\] \|.*\| – \[2\] \| – \[2\] \|/,
  );
});

test.each([
  [{ suite: 'sintetic' }, 'Did you mean "synthetic"?'],
  [{ models: ['adat'] }, 'Did you mean "adatt"?'],
  [{ models: [] }, 'Expected a list of 1 or more for runSuite.models'],
  [{ balancers: ['mgad'] }, 'Did you mean "mgda"?'],
  [{ seeds: [] }, 'Expected one seed or more'],
  [{ seeds: [1, 1] }, 'none twice, received [1,1]'],
  [{ epochs: 0 }, 'Expected a whole number of 1 or more for runSuite.epochs, received 0'],
  [{ batchSize: 1.5 }, 'received 1.5'],
  [{ learningRate: -1 }, 'Expected one of "find", or a number above 0 for runSuite.learningRate, received -1'],
  [{ limitRows: 0 }, 'for runSuite.limitRows, received 0'],
  [{ size: { levels: [] } }, 'for runSuite.size.levels'],
  [{ sedes: [1] } as RunOptions, 'Did you mean "seeds"?'],
  [{ engine: 'wsm' }, 'Did you mean "wasm"?'],
  [{ suite: 'census-income' }, 'Expected the directory of the data of census-income, received none'],
  [{ directory: '/tmp' }, 'The suite makes its own data'],
] satisfies [RunOptions, string][])('%j is refused', async (wrong, message) => {
  await expect(runSuite({ ...options, ...wrong })).rejects.toThrow(message);
});
