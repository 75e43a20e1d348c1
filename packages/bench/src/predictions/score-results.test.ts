import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { labelsOf, PolytaskError } from '@polytask/core';
import { syntheticTasks } from '@polytask/data';
import { type SuiteEntry, trialKey, type TrialResult } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSuite } from '../run-suite.ts';
import { readResults } from '../trials/run-files.ts';
import { openPredictions } from './prediction-file.ts';
import { scoreResults } from './score-results.ts';

const generator = syntheticTasks({ tasks: ['click', 'like'], dimension: 5, kind: 'binary', labelRate: 0.8, seed: 1 });
const suite: SuiteEntry = {
  name: 'toy',
  description: 'for tests',
  needsDirectory: false,
  defaults: {
    seeds: [1, 2],
    ...{ epochs: 2, batchSize: 32, learningRate: 0.01, patience: 2 },
    size: { levels: [4], experts: 4, tower: [3], embedding: 2 },
  },
  open: async () => ({
    tasks: generator.schema.tasks,
    config: { set: 'toy' },
    trial: (seed) => ({
      train: generator.sample(64, 10 * seed),
      validation: generator.sample(40, 10 * seed + 1),
      test: () => generator.sample(60, 10 * seed + 2),
      testGroups: Array.from({ length: 60 }, (_, row) => row % 5),
    }),
  }),
};
const options = { suite, models: ['single-task', 'adatt'], engine: 'cpu', keepPredictions: true };

let out: string;
let trials: readonly TrialResult[];
beforeAll(async () => {
  out = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  ({ trials } = await runSuite({ ...options, out }));
});
afterAll(() => rm(out, { recursive: true, force: true }));

const files = async () => (await readdir(path.join(out, 'predictions'))).filter((name) => name.endsWith('.parquet'));

test('the kept predictions give the metrics of the trials again', async () => {
  expect((await files()).sort()).toEqual(trials.map((trial) => `${trialKey(trial)}.parquet`).sort());
  expect(await readFile(path.join(out, 'results.jsonl'), 'utf8')).not.toContain('"predictions"');
  const again = await scoreResults(out);
  again.trials.forEach(({ model, seed, metrics, normalizedLosses, rowIntervals }, i) => {
    const trial = trials[i]!;
    expect([model, seed]).toEqual([trial.model, trial.seed]);
    for (const [task, values] of Object.entries(trial.metrics)) {
      expect(Object.keys(values)).toEqual(['auc', 'gauc', 'ne']);
      for (const [metric, value] of Object.entries(values)) expect(metrics[task]![metric]).toBeCloseTo(value, 12);
      expect(normalizedLosses![task]).toBeCloseTo(trial.normalizedLosses![task]!, 12);
    }
    expect(rowIntervals).toEqual(trial.rowIntervals);
  });
});

test('what is read is what was written: rows without a label, groups, tasks', async () => {
  const { tasks, validation, test: part } = await openPredictions(out).read(trialKey(trials[0]!));
  expect(tasks).toEqual(generator.schema.tasks);
  const { labels, weights } = labelsOf(generator.sample(60, 12).arrays, 'click');
  const labeled = [...weights.keys()].filter((row) => weights[row]! > 0);
  expect(labeled.length).toBeLessThan(60);
  expect([...part.byTask['click']!.rows]).toEqual(labeled);
  expect([...part.byTask['click']!.labels]).toEqual(labeled.map((row) => labels[row]));
  expect([part.size, validation!.size]).toEqual([60, 40]);
  expect([...(part.groups as number[])].slice(0, 6)).toEqual([0, 1, 2, 3, 4, 0]);
});

test('other metrics, and an ensemble as a row with differences from the baseline', async () => {
  const {
    summaries: [summary],
  } = await scoreResults(out, { metrics: ['prAuc'], ensemble: 'models' });
  expect(summary.models.map(({ model, seeds }) => [model, seeds])).toEqual([
    ['single-task', [1, 2]],
    ['adatt', [1, 2]],
    ['ensemble', [1, 2]],
  ]);
  expect(summary.columns).toEqual([
    { task: 'click', metric: 'prAuc' },
    { task: 'like', metric: 'prAuc' },
  ]);
  expect(summary.comparisons['prAuc']!.models['ensemble']!.gain!.mean.n).toBe(2);
  await expect(scoreResults(out, { ensemble: 'seeds' })).rejects.toThrow('received other rows or labels'); // a seed has rows of its own
});

test('a trial without predictions is trained again, alone; a damaged file and a metric of another kind are errors', async () => {
  const [first] = await files();
  const file = path.join(out, 'predictions', first!);
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, 1000));
  await expect(scoreResults(out)).rejects.toThrow(PolytaskError);
  await rm(file);
  await expect(scoreResults(out)).rejects.toThrow('received 1 of 4 trials without');
  await expect(scoreResults(out, { metrics: ['rmse'] })).rejects.toThrow('predictions of every trial');
  const started: number[] = [];
  await runSuite({ ...options, out, listener: { onStart: ({ there, total }) => started.push(there, total) } });
  expect(started).toEqual([3, 4]);
  expect(await readFile(file)).toEqual(bytes);
  expect((await readResults(out)).length).toBe(4);
  await expect(scoreResults(out, { metrics: ['rmse'] })).rejects.toThrow('which is for regression tasks');
  await expect(runSuite({ ...options })).rejects.toThrow('where predictions are kept');
});
