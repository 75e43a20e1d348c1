import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { binary, multiclass, regression } from '@polytask/core';
import { categorical, encode, fitSchema, fromRows, numeric, readCsv, readParquet } from '@polytask/data';
import { auc, multiclassAccuracy, rmse } from '@polytask/metrics';
import { rowIds, type SuiteEntry } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { runSuite } from '../run-suite.ts';
import { capturedIo } from '../testing/captured-io.ts';
import { externalFolder, settingFolder } from './external-folder.ts';

const tasks = { click: binary(), stars: multiclass(), hours: regression() };
const row = (i: number) => ({
  age: i % 5 === 0 ? null : (i * 7) % 50,
  state: ['Utah', 'Ohio', null][i % 3],
  click: i % 11 === 3 ? null : Number((i * 7) % 50 > 25),
  stars: `${(i * 5) % 3}`,
  hours: (i * 13) % 40,
});
const tableOf = (from: number, to: number) =>
  fromRows(
    Array.from({ length: to - from }, (_, i) => row(from + i)),
    { features: { age: numeric(), state: categorical() }, tasks },
  );
const schema = fitSchema(tableOf(0, 80));
const config = { set: 'shop' };

/** Each seed has other test rows. */
const suite: SuiteEntry = {
  name: 'shop',
  description: 'for tests',
  needsDirectory: false,
  defaults: {
    seeds: [1, 2],
    ...{ epochs: 1, batchSize: 32, learningRate: 0.01, patience: 1 },
    size: { levels: [4], experts: 3, tower: [3], embedding: 2 },
  },
  open: async () => ({
    tasks: schema.tasks,
    config,
    content: () => Promise.resolve('first'),
    trial: (seed) => ({
      train: encode(tableOf(0, 80), schema),
      validation: encode(tableOf(80, 100), schema),
      test: () => encode(tableOf(100 + 40 * seed, 140 + 40 * seed), schema),
    }),
  }),
};

let directory: string;
const at = (...names: string[]) => path.join(directory, ...names);
beforeAll(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Predictions for the test row `i` of a seed: three probabilities of classes after one of a click, then hours. */
const predicted = (i: number) => [(i % 7) / 7, i % 2 ? 0.5 : 0.25, 0.25, i % 2 ? 0.25 : 0.5, i % 30];

async function writePredictions(name: string, seeds = [1, 2], change = (lines: string[]) => lines): Promise<string> {
  await mkdir(at(name), { recursive: true });
  for (const seed of seeds) {
    const idOf = rowIds({ ...config, content: 'first' }, seed, 'test');
    const lines = Array.from({ length: 40 }, (_, i) => `${idOf(i)},${predicted(i).join()}`).reverse();
    const text = ['row_id,click,stars_0,stars_1,stars_2,hours', ...change(lines)].join('\n');
    await writeFile(at(name, `seed-${seed}.csv`), `${text}\n`);
  }
  return at(name);
}

const run = (folder: string, seeds = [1, 2]) =>
  runSuite({ suite, models: ['single-task'], engine: 'cpu', seeds, externals: [externalFolder('other', folder)] });

test('predictions of rows that have changed since are refused', async () => {
  const folder = await writePredictions('before');
  const changed: SuiteEntry = {
    ...suite,
    open: async (options) => ({ ...(await suite.open(options)), content: () => Promise.resolve('second') }),
  };
  await expect(
    runSuite({
      suite: changed,
      models: ['single-task'],
      engine: 'cpu',
      seeds: [1],
      externals: [externalFolder('other', folder)],
    }),
  ).rejects.toThrow('Predict the rows that polytask split wrote for this data');
});

test('predictions of another program are a row: its metrics are those of its predictions, compared seed by seed', async () => {
  const { summaries, trials } = await run(await writePredictions('whole'));
  const [summary] = summaries;
  expect(summary.models.map(({ model, seeds }) => [model, seeds])).toEqual([
    ['single-task', [1, 2]],
    ['other', [1, 2]],
  ]);
  const compared = summary.comparisons['rmse']!.models['other']!;
  expect(compared.tasks['hours']!.seeds).toEqual(['1', '2']);
  // One epoch leaves the baseline at the mean, so that a gain over it says nothing.
  expect([summary.leftOut, compared.gain]).toEqual([
    expect.arrayContaining([{ task: 'hours', metric: 'rmse' }]) as unknown,
    undefined,
  ]);
  const trial = trials.find(({ model, seed }) => model === 'other' && seed === 2)!;
  const rows = Array.from({ length: 40 }, (_, i) => ({ ...row(180 + i), prediction: predicted(i) }));
  const labeled = rows.filter(({ click }) => click !== null);
  expect(labeled.length).toBeLessThan(40);
  expect(trial.metrics['click']!['auc']).toBeCloseTo(
    auc(
      labeled.map(({ click }) => click!),
      labeled.map(({ prediction }) => prediction[0]!),
    ),
    12,
  );
  const classes = schema.tasks.stars.classes!;
  expect(trial.metrics['stars']!['accuracy']).toBeCloseTo(
    multiclassAccuracy(
      rows.map(({ stars }) => classes.indexOf(stars)),
      rows.flatMap(({ prediction }) => prediction.slice(1, 4)),
    ),
    12,
  );
  expect(trial.metrics['hours']!['rmse']).toBeCloseTo(
    rmse(
      rows.map(({ hours }) => hours),
      rows.map(({ prediction }) => prediction[4]!),
    ),
    4, // labels are standardized in 32 bits
  );
});

test('a changed file replaces the row in a directory of results', { tags: ['long'] }, async () => {
  const folder = await writePredictions('changing', [1]);
  const options = { suite, models: ['single-task'], engine: 'cpu', seeds: [1], out: at('results') };
  const rmseOf = async () => {
    const { trials } = await runSuite({ ...options, externals: [externalFolder('other', folder)] });
    const others = trials.filter(({ model }) => model === 'other');
    expect(others).toHaveLength(1);
    return others[0]!.metrics['hours']!['rmse'];
  };
  const before = await rmseOf();
  await writePredictions('changing', [1], (lines) => lines.map((line) => line.replace(/,\d+$/, ',7')));
  expect(await rmseOf()).not.toBe(before);
  await writePredictions('changing', [1]);
  expect(await rmseOf()).toBe(before);
});

test.each([
  ['a row without a prediction', (lines: string[]) => lines.slice(1), 'Expected a prediction for row'],
  ['a row twice', (lines: string[]) => [...lines, lines[0]!], 'Expected each row id once'],
  ['a row of other data', (lines: string[]) => [...lines, `x${lines[0]}`], 'received 1 rows more'],
  [
    'a logit',
    (lines: string[]) => lines.map((line, i) => (i === 3 ? line.replace(/,[^,]*/, ',-1.5') : line)),
    'a probability for task "click"',
  ],
  [
    'an empty cell',
    (lines: string[]) => lines.map((line, i) => (i === 3 ? line.replace(/,\d+$/, ',') : line)),
    'a number for task "hours"',
  ],
])('%s is an error', async (name, change, message) => {
  await expect(run(await writePredictions(name, [1], change), [1])).rejects.toThrow(message);
});

test('rows of another seed, a missing file and a missing column are errors', async () => {
  const folder = await writePredictions('others', [1]);
  await expect(run(folder)).rejects.toThrow('Expected the predictions of "other" for seed 2');
  await writeFile(at('others', 'seed-2.csv'), await readFile(at('others', 'seed-1.csv')));
  await expect(run(folder)).rejects.toThrow('Predict the rows that polytask split wrote');
  const text = await readFile(at('others', 'seed-1.csv'), 'utf8');
  await writeFile(at('others', 'seed-1.csv'), text.replace('hours', 'hour'));
  await expect(run(folder)).rejects.toThrow('Did you mean "hour"?');
  await expect(
    runSuite({ suite, models: ['adatt'], externals: [externalFolder('adatt', folder)], engine: 'cpu' }),
  ).rejects.toThrow('"adatt", which another model has');
});

test('polytask split writes the rows of each seed, without the labels of the test rows', async () => {
  const csv = [
    'age,state,click,hours',
    ...Array.from({ length: 60 }, (_, i) => {
      const { age, state, click, hours } = row(i);
      return [age, state, click, hours].map((value) => value ?? '').join();
    }),
  ].join('\n');
  await writeFile(at('shop.csv'), `${csv}\n`);
  const described = {
    files: 'shop.csv',
    features: { age: 'numeric', state: 'categorical' },
    tasks: { click: 'binary', hours: 'regression' },
  };
  await writeFile(at('shop.json'), JSON.stringify(described));
  for (const format of ['parquet', 'csv']) {
    const { io, out } = capturedIo();
    const argv = ['split', at('shop.json'), '--seeds', '2', '--format', format, '--out', at(format)];
    expect([await main(argv, io), out()]).toEqual([0, expect.stringContaining('--external NAME=DIR')]);
  }
  const split = JSON.parse(await readFile(at('csv', 'split.json'), 'utf8')) as {
    settings: [{ columns: object; data: object }];
  };
  expect(split).toMatchObject({
    suite: 'shop',
    seeds: [1, 2],
    settings: [{ folder: '.', tasks: { click: { kind: 'binary' } } }],
  });
  const { columns, data } = split.settings[0];
  expect(Object.keys(columns)).toEqual([
    'row_id',
    'age',
    'state',
    'click.label',
    'click.weight',
    'hours.label',
    'hours.weight',
  ]);
  const declared = {
    features: { age: numeric(), state: categorical(), 'hours.label': numeric() },
    tasks: {},
    keep: ['row_id'],
  };
  const train = await readParquet(at('parquet', 'seed-1', 'train.parquet'), declared);
  expect((await readCsv(at('csv', 'seed-1', 'train.csv'), declared)).columns).toEqual(train.columns);
  expect(train.columns.texts['row_id']!.dictionary[3]).toBe(rowIds({ ...data }, 1, 'train')(3));
  const hours = [...train.columns.numbers['hours.label']!];
  expect(hours.every((value) => value % 1 === 0 && value >= 0 && value < 40)).toBe(true);
  const head = (await readFile(at('csv', 'seed-2', 'test.csv'), 'utf8')).split('\n')[0];
  expect(head).toBe('row_id,age,state');
});

test('polytask split writes cells and labels as the file has them, of values that the models do not know, too', async () => {
  const costs = [0, 130, 0.1, 4_300_000, 17.25];
  const rows = Array.from({ length: 60 }, (_, i) => {
    const [part, state] = i < 40 ? ['train', `0${i % 3}`] : [i < 50 ? 'validation' : 'test', 'elsewhere'];
    return { part, state, speed: i / 3, tags: i % 2 ? 'a|c' : 'b', grade: 'xyz'[i % 3]!, cost: costs[i % 5]! };
  });
  const lines = rows.map((each) => Object.values(each).join());
  await writeFile(at('costs.csv'), ['part,state,speed,tags,grade,cost', ...lines].join('\n'));
  const document = {
    files: 'costs.csv',
    features: { state: 'categorical', fast: { kind: 'numeric', from: 'speed', log: true }, tags: 'multi-valued' },
    tasks: {
      cost: { kind: 'regression', log: true },
      some: { kind: 'binary', from: 'cost', above: 0 },
      grade: 'multiclass',
    },
    split: { kind: 'column', column: 'part', validation: 'validation', test: 'test' },
  };
  await writeFile(at('costs.json'), JSON.stringify(document));
  const { io, err } = capturedIo();
  expect(await main(['split', at('costs.json'), '--seeds', '1', '--format', 'csv', '--out', at('costs')], io)).toBe(0);
  const cellsOf = async (part: string) =>
    (await readFile(at('costs', 'seed-1', `${part}.csv`), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(',').slice(1));
  const features = ({ state, speed, tags }: (typeof rows)[number]) => [state!, String(speed), tags];
  const labels = ({ cost, grade }: (typeof rows)[number]) =>
    [cost, 1, Number(cost > 0), 1, 'xyz'.indexOf(grade), 1].map(String);
  const names = ['cost.label', 'cost.weight', 'some.label', 'some.weight', 'grade.label', 'grade.weight'];
  expect(await cellsOf('train')).toEqual([
    ['state', 'fast', 'tags', ...names],
    ...rows.slice(0, 40).map((each) => [...features(each), ...labels(each)]),
  ]);
  expect(await cellsOf('test')).toEqual([['state', 'fast', 'tags'], ...rows.slice(50).map(features)]);
  expect(err()).toContain('In 100% of the test rows, feature "state" has a value that no training row has.');
});

test('polytask split --folds deals the training rows, with the groups of the split in one fold', async () => {
  const lines = Array.from({ length: 90 }, (_, i) => `${i % 30},${i},${i % 2}`);
  await writeFile(at('visits.csv'), `user,age,click\n${lines.join('\n')}\n`);
  const document = {
    files: 'visits.csv',
    features: { user: 'numeric', age: 'numeric' },
    tasks: { click: 'binary' },
    split: { kind: 'random', validation: 0.2, test: 0.2, groupBy: 'user' },
  };
  const split = async (name: string, changed: object = {}) => {
    await writeFile(at(`${name}.json`), JSON.stringify({ ...document, ...changed }));
    const { io, out, err } = capturedIo();
    const argv = ['split', at(`${name}.json`), '--seeds', '1', '--folds', '3', '--format', 'csv', '--out', at(name)];
    return { code: await main(argv, io), out: out(), err: err() };
  };
  expect(await split('visits')).toMatchObject({
    code: 0,
    out: expect.stringContaining('--teacher-predictions') as string,
  });
  const cellsOf = async (part: string) =>
    (await readFile(at('visits', 'seed-1', `${part}.csv`), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
  const [head, ...rows] = await cellsOf('train');
  expect(head!.slice(0, 3)).toEqual(['row_id', 'fold', 'user']);
  expect((await cellsOf('test'))[0]).toEqual(['row_id', 'user', 'age']);
  const ofUser = new Map(rows.map(([, fold, user]) => [user, fold]));
  expect(rows.map(([, fold]) => fold)).toEqual(rows.map(([, , user]) => ofUser.get(user)));
  expect([...new Set(ofUser.values())].sort()).toEqual(['1', '2', '3']);
  expect(JSON.parse(await readFile(at('visits', 'split.json'), 'utf8'))).toMatchObject({ folds: 3 });
  const taken = await split('taken', { features: { fold: { kind: 'numeric', from: 'age' } } });
  expect([taken.code, taken.err]).toEqual([1, expect.stringContaining('received "fold" twice')]);
});

test('a suite of several settings has a folder for each', () => {
  expect(settingFolder('rows', 'Few labels, 15 epochs')).toBe(path.join('rows', 'few-labels-15-epochs'));
  expect(settingFolder('rows', '')).toBe('rows');
});
