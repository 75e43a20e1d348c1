import { mapValues } from '@polytask/components';
import { binary, readOptions, regression } from '@polytask/core';
import { datasetFromFiles, encode, fitSchema, fromColumns, numeric } from '@polytask/data';
import { expect, test, vi } from 'vitest';
import { rowIds } from '../predictions/external-predictions.ts';
import { dataSettings } from '../suites/data-settings.ts';
import { suiteOfDataset } from '../suites/dataset-suite.ts';
import type { SuiteEntry } from '../suites/suite-entry.ts';
import { synthetic } from '../suites/generated-suites.ts';
import { openData, rowsOfSpec } from './open-data.ts';
import type { DataRequest, TrialSpec } from './trial-spec.ts';

const request: DataRequest = {
  ...{ suite: 'toy', files: [], directory: undefined, limitRows: undefined, data: {}, tasks: undefined },
};
const contentOf = async (row: SuiteEntry, tasks?: readonly string[]) =>
  (await openData(() => Promise.resolve(row)).data({ ...request, tasks })).config['content'];

interface Toy {
  readonly x?: readonly number[];
  readonly clicks?: readonly number[];
  readonly hours?: readonly number[];
  readonly trust?: readonly number[];
}

/** A suite of somebody else, which says nothing about its rows. */
function toy(columns: Toy = {}) {
  const table = fromColumns(
    { x: [1, 2, 3, 4], clicks: [0, 1, 0, 1], hours: [1, 5, 2, 8], trust: [1, 1, 1, 2], ...columns },
    {
      features: { x: numeric() },
      tasks: { clicks: binary(), hours: regression({ weightFrom: 'trust' }) },
    },
  );
  const schema = fitSchema(table);
  const trial = vi.fn((seed: number) => ({
    train: encode(table, schema, seed === 7 ? [0, 1, 2, 3] : [3, 2, 1, 0]),
    validation: encode(table, schema, [2, 3]),
    test: (): never => expect.unreachable('the test rows are sealed'),
  }));
  const row = {
    ...{ name: 'toy', description: '', needsDirectory: false },
    defaults: { ...synthetic.defaults, seeds: [7, 8] },
    open: () => Promise.resolve({ tasks: schema.tasks, config: { set: 'toy' }, trial }),
  } satisfies SuiteEntry;
  return { row, trial };
}

test('a suite from outside is identified by training and validation rows of its first seed, made once; test rows stay sealed', async () => {
  const { row, trial } = toy();
  const data = openData(() => Promise.resolve(row));
  const { config } = await data.data(request);
  expect(config).toEqual({ set: 'toy', content: expect.stringMatching(/^visible-[0-9a-f]{16}$/) as string });
  await data.rows(request, 7, config['content'] as string);
  expect((await data.data({ ...request, tasks: ['clicks'] })).config).toEqual({ ...config, tasks: ['clicks'] });
  expect(trial.mock.calls.map(([seed]) => seed)).toEqual([7]);
  expect(await contentOf(toy().row)).toBe(config['content']);
});

test.each<[string, Toy]>([
  ['a feature', { x: [1, 2, 3, 5] }],
  ['a label', { clicks: [0, 1, 1, 1] }],
  ['a sample weight', { trust: [1, 1, 1, 3] }],
  ['the unit of a label', { hours: [2, 10, 4, 16] }],
])('another %s is another hash', async (_, changed) => {
  expect(await contentOf(toy(changed).row)).not.toBe(await contentOf(toy().row));
});

test('known rows have no hash', async () => {
  expect(await contentOf(synthetic)).toBeUndefined();
});

const document = {
  files: 'a.csv',
  features: { x: 'numeric' },
  tasks: { clicks: 'binary' },
  split: { kind: 'random', validation: 0.2, test: 0.2 },
};
const csv = (label: (row: number) => number) =>
  `x,clicks\n${Array.from({ length: 40 }, (_, row) => `${row % 9},${label(row)}\n`).join('')}`;
const shop = async (label: (row: number) => number) =>
  suiteOfDataset(await datasetFromFiles(document, { 'a.csv': new Blob([csv(label)]) }, { name: 'shop' }), '');
const isOdd = (row: number) => row % 2;

test('a data set is identified by its cells: labels of other values are other data', async () => {
  const data = async (row: SuiteEntry) => (await openData(() => Promise.resolve(row)).data(request)).config;
  const config = await data(await shop(isOdd));
  expect(config).toMatchObject({ set: 'shop', file: document, rows: { train: 24, validation: 8, test: 8 } });
  expect(await data(await shop(isOdd))).toEqual(config);
  const { content, ...others } = await data(await shop((row) => Number(row % 4 > 1)));
  expect({ ...others, content: config['content'] }).toEqual(config);
  expect(content).not.toBe(config['content']);
});

test('rows in another order have other ids', async () => {
  const idOf = async (label: (row: number) => number) =>
    rowIds((await openData(async () => shop(label)).data(request)).config, 1, 'test')(3);
  expect(await idOf(isOdd)).toBe(await idOf(isOdd));
  expect(await idOf((row) => isOdd(39 - row))).not.toBe(await idOf(isOdd));
});

test('a trial that was planned for other rows is refused', async () => {
  const data = openData(() => shop(isOdd));
  const { config } = await data.data(request);
  const spec = (content: unknown) =>
    ({ request, seed: 1, config: { data: { ...config, content } } }) as unknown as TrialSpec;
  expect((await rowsOfSpec(data, spec(config['content']))).train.size).toBe(24);
  expect((await rowsOfSpec(data, spec(undefined))).train.size).toBe(24);
  await expect(rowsOfSpec(data, spec('0123456789abcdef'))).rejects.toThrow(
    'Expected the rows of toy that the run began with, received other ones',
  );
});

test('a setting of any data is the context of its schema, in place of its own', async () => {
  const features = { ...document.features, tab: 'categorical', day: 'categorical' };
  const cells = Array.from({ length: 40 }, (_, row) => `${row % 9},t${row % 3},d${row % 7},${row % 2}\n`).join('');
  const file = { ...document, features, context: ['day'] };
  const dataset = await datasetFromFiles(file, { 'a.csv': new Blob([`x,tab,day,clicks\n${cells}`]) }, { name: 'shop' });
  const data = openData(() => Promise.resolve(suiteOfDataset(dataset, '')));
  const opened = async (context?: readonly string[]) => {
    const asked = { ...request, data: context ? { context } : {} };
    const { train, validation, test: tested } = await data.rows(asked, 1);
    const schemas = [train, validation, tested()].map(({ schema }) => schema.context);
    const { context: named, config } = await data.data(asked);
    return { schemas, named, config: config['context'] };
  };
  const [day, tab] = [['day'], ['tab']];
  expect(await opened()).toEqual({ schemas: [day, day, day], named: day, config: undefined });
  expect(await opened(tab)).toEqual({ schemas: [tab, tab, tab], named: tab, config: tab });
  expect(await opened([])).toMatchObject({ named: [], config: [] });
  await expect(opened(['x'])).rejects.toThrow('features with one id, each once, received "x", a numeric feature.');
});

test('a setting of any data is how plain numbers are encoded; other features stay', async () => {
  const features = { x: { kind: 'numeric', from: 'x' }, z: 'buckets', tab: 'categorical' };
  const cells = Array.from({ length: 40 }, (_, row) => `${row % 9},${row},t${row % 3},${row % 2}\n`).join('');
  const dataset = await datasetFromFiles(
    { ...document, features },
    { 'a.csv': new Blob([`x,z,tab,clicks\n${cells}`]) },
  );
  const data = openData(() => Promise.resolve(suiteOfDataset(dataset, '')));
  const numbers = { kind: 'piecewise-linear', count: 4 };
  const asked = { ...request, data: { numbers } };
  const [plain, own] = [await data.rows(request, 1), await data.rows(asked, 1)];
  const kindsOf = ({ schema }: { schema: typeof plain.train.schema }) => mapValues(schema.features, ({ kind }) => kind);
  expect([own.train, own.validation, own.test()].map(kindsOf)).toEqual(
    Array(3).fill({ x: 'piecewise-linear', z: 'buckets', tab: 'categorical' }),
  );
  expect(own.train.schema.features['z']).toEqual(plain.train.schema.features['z']);
  const labels = ({ train }: typeof plain) => train.batch([0, 1, 2]).labels;
  expect(labels(own)).toEqual(labels(plain));
  expect((await data.data(asked)).config['numbers']).toEqual(numbers);
});

test('numbers can be encoded in another way where rows are read, and by a kind of feature that reads numbers', async () => {
  const numbers = { kind: 'piecewise-linear' };
  const made = openData(() => Promise.resolve(toy().row)).rows({ ...request, data: { numbers } }, 7);
  await expect(made).rejects.toThrow('Expected rows as they were read');
  const check = (value: unknown) => () => readOptions({ numbers: value }, dataSettings, 'the data of toy');
  expect(check({ kind: 'piecewise' })).toThrow(/reads numbers.*received "piecewise".*"piecewise-linear"/);
  expect(check({ kind: 'text' })).toThrow(/reads numbers.*received "text"/);
  expect(check({ ...numbers, cuont: 4 })).toThrow(/cuont.*count/);
});

test("losses are settings of any data: rows stay, the tasks have them, and those that count classes count the training rows'", async () => {
  const features = { x: { kind: 'numeric', from: 'x' } };
  const cells = Array.from({ length: 40 }, (_, row) => `${row},${row % 4 === 0 ? 1 : 0}\n`).join('');
  const dataset = await datasetFromFiles({ ...document, features }, { 'a.csv': new Blob([`x,clicks\n${cells}`]) });
  const data = openData(() => Promise.resolve(suiteOfDataset(dataset, '')));
  const losses = {
    clicks: { kind: 'loss', name: 'binary-cross-entropy', config: { smoothing: 0, classBalance: 0.99 } },
  } as const;
  const asked = { ...request, data: { losses } };
  const [plain, own] = [await data.rows(request, 1), await data.rows(asked, 1)];
  const taskOf = ({ schema }: { schema: typeof plain.train.schema }) => schema.tasks['clicks'];
  expect(own.train.batch([0, 1, 2])).toEqual(plain.train.batch([0, 1, 2]));
  expect(taskOf(own.train)).toEqual(taskOf(own.test()));
  expect(taskOf(own.train)).toMatchObject({ kind: 'binary', loss: { name: 'binary-cross-entropy' } });
  expect(taskOf(own.train)?.loss).not.toEqual(losses.clicks); // completed by the counts
  const opened = await data.data(asked);
  expect([opened.config['losses'], opened.tasks['clicks']?.loss]).toEqual([losses, losses.clicks]);

  const made = await openData(() => Promise.resolve(toy().row)).rows(
    { ...request, data: { losses: { hours: 'huber' } } },
    7,
  );
  expect(made.train.schema.tasks['hours']).toMatchObject({ kind: 'regression', loss: 'huber' });
  const refused = (losses: object) => openData(() => Promise.resolve(toy().row)).data({ ...request, data: { losses } });
  await expect(refused({ hour: 'huber' })).rejects.toThrow('received "hour". Did you mean "hours"?');
  await expect(refused({ hours: 'focal' })).rejects.toThrow('data.losses.hours, received "focal", which is for binary');
});
