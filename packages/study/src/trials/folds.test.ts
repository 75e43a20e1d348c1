import { randomStream } from '@polytask/core';
import { compareRuns, pairedDifference } from '@polytask/metrics';
import { datasetFromFiles } from '@polytask/data';
import { expect, test } from 'vitest';
import { footnotes } from '../report/result-table.ts';
import { runStudy } from '../run-study.ts';
import { suiteOfDataset } from '../suites/dataset-suite.ts';
import { createSuite } from '../suites/suite.ts';
import { summarize } from '../summary/summarize.ts';
import { trialOf } from '../testing/trial-of.ts';
import { currentTrials } from '../results/current-trials.ts';
import { documentOf } from '../report/blocks.ts';
import { measurementBlocks, testsOf } from '../report/measurement.ts';
import { renderText } from '../report/terminal.ts';
import { type Executor, inProcess, scoreOf } from './executor.ts';
import type { TrialSpec } from './trial-spec.ts';
import { pairing, pairOf, resampling, trialText } from '../results/folds.ts';
import { openData } from './open-data.ts';
import { contentKey, scoreKey, trialKey, workKey } from '../results/trial-result.ts';
import { memoryStore } from './run-trials.ts';

const { config } = trialOf();
const over = (folds: number, data: object = {}) => ({ ...config, data: { ...config.data, folds, ...data } });

test('a fold is in every key; a trial without one keeps its keys', () => {
  const { suite, model, seed, engine } = trialOf();
  expect(trialKey(trialOf())).toBe(contentKey({ suite, model, seed, engine, config }));
  const keysOf = (fold?: number) => {
    const trial = trialOf(fold === undefined ? {} : { fold });
    return [trialKey(trial), workKey(trial), scoreKey({ ...trial, mode: 'eager' })];
  };
  const keys = [keysOf(), keysOf(1), keysOf(2)].flat();
  expect(new Set(keys).size).toBe(9);
  expect(keysOf(undefined)).toEqual(keys.slice(0, 3));
});

test('folds are counted on from seed to seed; a seed is its own pair', () => {
  const pair = (seed: number, fold: number) => pairOf({ seed, fold, config: over(5) });
  expect([pair(1, 1), pair(1, 5), pair(2, 1), pair(3, 2)]).toEqual([1, 5, 6, 12]);
  expect(pairOf({ seed: 3, config })).toBe(3);
  expect(trialText({ setting: 'few', model: 'adatt', seed: 1, fold: 3 })).toBe('few: adatt, seed 1, fold 3');
  expect(trialText({ model: 'adatt', seed: 1 })).toBe('adatt, seed 1');
});

test('the variance of folds counts the rows of a test and of a training, 1 / (k − 1) where nobody counts them', () => {
  expect(resampling(config)).toEqual({});
  expect(resampling(over(5))).toEqual({ testToTrain: 1 / 4 });
  expect(resampling(over(5, { rows: { train: 70, validation: 10, test: 20 } }))).toEqual({ testToTrain: 1 / 4 });
  expect(resampling(over(5, { rows: { train: 50, validation: 50, test: 50 } }))).toEqual({ testToTrain: 1 / 2 }); // limited
});

test('random splits of one file share rows, as folds do; fixed test rows and other data do not', () => {
  const rows = { train: 70, validation: 10, test: 20 };
  const split = (file: object) => resampling({ data: { file: { files: 'people.csv', ...file }, rows } });
  expect(split({})).toEqual({ testToTrain: 1 / 4 });
  expect(split({ split: { kind: 'random', test: 0.2 } })).toEqual({ testToTrain: 1 / 4 });
  expect(pairing({ data: { file: { files: ['people.csv'] }, rows } })).toMatchObject({
    noun: 'seed',
    tests: expect.stringContaining('Nadeau') as string,
    isCorrected: true,
  });
  for (const file of [
    { split: { kind: 'random', test: 0.2, seed: 3 } },
    { split: { kind: 'time', column: 'day' } },
    { split: { kind: 'column', column: 'part' } },
    { files: { train: 'people.csv', test: 'others.csv' } },
  ])
    expect(split(file), JSON.stringify(file)).toEqual({});
  expect(resampling({ data: { set: 'synthetic', rows } })).toEqual({});
});

test('models are paired by fold, and all that a summary says has the corrected test', () => {
  const values = { 'single-task': [0.71, 0.73, 0.72, 0.7, 0.71, 0.72], adatt: [0.74, 0.74, 0.76, 0.72, 0.71, 0.74] };
  const trials = Object.entries(values).flatMap(([model, list]) =>
    list.map((auc, i) =>
      trialOf({ model, seed: 1 + Math.floor(i / 2), fold: 1 + (i % 2), metrics: { click: { auc } }, config: over(2) }),
    ),
  );
  const summary = summarize([...trials].reverse());
  const testToTrain = 1;
  expect(summary.seeds).toEqual([1, 2, 3, 4, 5, 6]);
  const difference = pairedDifference(values.adatt, values['single-task'], { testToTrain });
  const task = summary.comparisons['auc']!.models['adatt']!.tasks['click']!;
  expect(task.difference).toEqual(difference);
  expect(summary.comparisons['auc']!.ranks.criticalDifference).toBeNaN();
  const scores = Object.fromEntries(Object.entries(values).map(([model, click]) => [model, { click }]));
  const alike = compareRuns({ baseline: 'single-task', tasks: { click: 'higher' }, scores }, { testToTrain });
  const adatt = summary.models.find(({ model }) => model === 'adatt')!;
  expect(adatt.gain!.mean).toEqual(alike.models['adatt']!.gain!.mean);
  expect(adatt.gain!.adjustedPValue).toBeGreaterThan(0.05); // though a paired t test is sure:
  expect(pairedDifference(values.adatt, values['single-task']).pValue).toBeLessThan(0.05);
  expect(summary.winners).toEqual([]);
  expect(testsOf(summary).join('\n')).toContain(
    "corrected resampled t tests (Nadeau & Bengio 2003) over folds against single-task, 5%, with Holm's correction for 1 comparison in AUC",
  );
  expect(testsOf(summary).join('\n')).not.toContain('Nemenyi'); // ranks of folds aren't tested
  expect(footnotes(summary)[0]).toBe('Mean over 6 folds ± half its 95% interval.');
});

const ROWS = 90;
const noise = randomStream(1, 'folds').normal(ROWS);
const csv = `x,user,click\n${Array.from(noise, (x, i) => `${x},u${i % 11},${Number(x > 0)}`).join('\n')}\n`;
const dataset = (split: object) =>
  datasetFromFiles(
    { name: 'people', files: 'people.csv', features: { x: 'numeric' }, tasks: { click: 'binary' }, split },
    { 'people.csv': new Blob([csv]) },
  );
const engine = { name: 'cpu', mode: 'eager' } as const;

test('a run over folds tests each row once, goes on where it stopped, and is a table of its own', async () => {
  const row = suiteOfDataset(await dataset({ kind: 'random', validation: 0.1, test: 0.1, groupBy: 'user' }), 'here');
  const choices = { suite: row, models: ['logistic-regression'], boosting: false, epochs: 1, folds: 3 } as const;
  const data = openData(() => Promise.resolve(row));
  const store = memoryStore();
  const started: string[] = [];
  const listener = {
    onTrialStart: (place: { seed: number; fold?: number | undefined }) =>
      void started.push(`${place.seed}.${place.fold}`),
  };
  const run = async (own: object = {}) =>
    runStudy(await createSuite({ ...choices, ...own }), { engine, data, executor: inProcess(data), store, listener });
  const { summaries, trials } = await run();
  expect(started).toEqual(['1.1', '1.2', '1.3']);
  expect(trials.map(({ seed, fold }) => [seed, fold])).toEqual([
    [1, 1],
    [1, 2],
    [1, 3],
  ]);
  expect(summaries[0].config.data).toMatchObject({ folds: 3, rows: { test: 30 } });
  await run();
  expect(started).toHaveLength(3);
  const repeated = await run({ seeds: [1, 2] });
  expect(started.slice(3)).toEqual(['2.1', '2.2', '2.3']);
  expect(repeated.summaries[0].seeds).toEqual([1, 2, 3, 4, 5, 6]);
  const plain = await run({ folds: undefined, seeds: [1] });
  expect(plain.trials.map(({ fold }) => fold)).toEqual([undefined]);
}, 60_000);

test('declared test rows are in no fold, and a note says so', async () => {
  const row = suiteOfDataset(await dataset({ kind: 'random', test: 0.2, validation: 0.1, seed: 7 }), 'here');
  const data = await row.open({ folds: 4 });
  expect(data.notes!().map(({ message }) => message)).toContain(
    '18 declared test rows stay sealed: the folds are of the other 72 rows.',
  );
  expect([1, 2, 3, 4].map((fold) => data.trial(1, fold).test().size)).toEqual([18, 18, 18, 18]);
});

test.each([
  [{ kind: 'random', test: 0.2 }, undefined],
  [{ kind: 'random', stratify: true }, 3],
])('a split without validation rows is refused once, when it is opened: %j, folds %s', async (split, folds) => {
  await expect(suiteOfDataset(await dataset(split), 'here').open(folds ? { folds } : {})).rejects.toThrow(
    'Expected validation rows in each trial',
  );
});

test.each<[object, string]>([
  [{ suite: 'synthetic', folds: 5 }, 'Expected no folds of synthetic'],
  [{ suite: 'synthetic', folds: 1 }, 'Expected a whole number of 2 or more for createSuite.folds, received 1'],
])('%j is refused', async (choices, message) => {
  await expect(createSuite(choices)).rejects.toThrow(message);
});

const searched = {
  name: 'searched',
  extends: 'people',
  folds: 3,
  models: ['single-task'],
  search: { method: 'grid', space: { learningRate: { choices: [0.1, 0.01] } } },
} as const;
const load = async () => ({
  suite: suiteOfDataset(await dataset({ kind: 'random', validation: 0.1, test: 0.1 }), 'here'),
});

/** Trains nothing: on validation rows a low rate is better, but for fold 2. */
const recorded = (specs: TrialSpec[]): Executor => ({
  close: () => Promise.resolve(),
  places: 1,
  async run(spec) {
    specs.push(spec);
    const { seed, fold, model, config: own } = spec;
    const rate = (own.model.chosen as { learningRate: number }).learningRate;
    if (spec.measures === 'validation') return scoreOf(spec, fold === 2 ? rate : -rate);
    return trialOf({ suite: spec.suite, engine: spec.engine, seed, model, fold: fold!, config: own as never });
  },
});

test('each fold has a search, on its validation rows (nested cross-validation)', async () => {
  const suite = await createSuite({ suite: searched }, load);
  const specs: TrialSpec[] = [];
  const [data, store] = [openData(async () => (await load()).suite), memoryStore()];
  const run = async (own: object = {}) =>
    runStudy({ ...suite, ...own }, { engine, data, executor: recorded(specs), store });
  const { summaries, trials } = await run();
  const of = (measures: string) => specs.filter((spec) => spec.measures === measures);
  const rateOf = ({ config: { model } }: { readonly config: { readonly model: { readonly chosen?: unknown } } }) =>
    (model.chosen as { learningRate: number }).learningRate;
  expect(of('validation').map((spec) => [spec.seed, spec.fold, rateOf(spec)])).toEqual(
    [1, 2, 3].flatMap((fold) => [0.1, 0.01].map((rate) => [1, fold, rate])),
  );
  expect(of('test').map((spec) => [spec.fold, rateOf(spec)])).toEqual([
    [1, 0.01],
    [2, 0.1],
    [3, 0.01],
  ]);
  expect(trials).toHaveLength(3);
  const [summary] = summaries;
  expect(summary.models[0]!.chosen).toBeUndefined();
  expect(summary.sensitivity[0]!.tried.map(({ score }) => score)).toEqual(
    [-0.1 / 3, -0.01 / 3].map((x) => expect.closeTo(x, 12)),
  );
  const text = renderText(documentOf('', measurementBlocks(summary, trials)));
  expect(text).toContain('Each fold has a search (nested cross-validation).');
  expect(text).toMatch(/single-task, seed 1, fold 2\.learningRate +0\.1/);
  // the second run trains nothing, and other seeds have searches of their own
  await run();
  expect(specs).toHaveLength(9);
  const more = await run({ seeds: [1, 2] });
  expect(specs).toHaveLength(18);
  expect(more.trials).toHaveLength(6);
});

test('a fold of a nested search that is planned otherwise now is outdated; without a plan, all count', () => {
  const nested = (fold: number, learningRate: number) =>
    trialOf({ fold, config: { ...over(2), model: { ...config.model, chosen: { learningRate } } } });
  const [first, second, old] = [nested(1, 0.1), nested(2, 0.01), nested(2, 0.1)];
  const planned = new Set([first, second].map(trialKey));
  expect(currentTrials([old, first, second], planned)).toEqual({ current: [first, second], outdated: [old] });
  expect(currentTrials([first, second]).outdated).toEqual([]);
});

test('weights are tuned on the validation rows of each fold', async () => {
  const { models, seeds, folds } = await createSuite(
    { suite: { name: 'few', extends: 'people', folds: 3, seeds: 2, models: ['mmoe'] }, balancers: ['famo'] },
    load,
  );
  expect([seeds, folds]).toEqual([[1, 2], 3]);
  expect(models.map(({ label }) => label)).toEqual(['mmoe', 'mmoe + tuned-weights', 'mmoe + famo']);
});
