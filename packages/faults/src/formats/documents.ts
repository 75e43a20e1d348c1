import { gzipSync } from 'node:zlib';
import { openResults, createSuite, suiteLoader } from '@polytask/bench';
import { trialOf } from '@polytask/study/testing';
import type { FaultFormat } from '../format.ts';
import { filesOf, inDirectory, textOf, bytesOf, jsonBytes, parquetBytes } from './temporary-files.ts';
import { join } from 'node:path';
import { openDataset, writeTrainedModel } from '@polytask/data';
import { PolytaskError } from '@polytask/core';
import { serve, predictFile } from '@polytask/server';
import { newModel, rows, withModel } from './models.ts';
import { readFile } from 'node:fs/promises';

const SUITE = {
  name: 'mine',
  description: 'a suite',
  extends: 'base.json',
  data: { correlation: 0.4 },
  variants: { alike: { conflict: 0 }, apart: { conflict: 0.2 } },
  groups: { two: ['task1', 'task2'] },
  models: ['adatt', { model: 'adatt', as: 'plain', network: { residual: false }, size: { experts: 2 } }],
  balancers: ['pcgrad'],
  baseline: 'adatt',
  size: { levels: [8, 4], tower: [4] },
  budgets: { small: { training: { epochs: 2 }, size: { experts: 4 } } },
  seeds: [1, 2],
  training: { epochs: 3, learningRate: 0.01 },
};

const suiteJson: FaultFormat = {
  name: 'suite.json',
  example: async () => ({
    'suite.json': jsonBytes(SUITE),
    'base.json': jsonBytes({ name: 'base', extends: 'synthetic', seeds: 3 }),
  }),
  load: (files) =>
    inDirectory(files, async (directory) => {
      const suite = await createSuite({ suite: join(directory, 'suite.json') }, suiteLoader());
      const { entry: _, files: __, allModels: ___, ...rest } = suite;
      return textOf(rest);
    }),
};

const CSV = bytesOf(`age,town\n${rows.map(({ age, town }) => `${age},${town}\n`).join('')}`);

/** Predicts a file of rows. @throws Error for a prediction that is no finite number, and for other lines than the rows */
const predictions = (model: Parameters<typeof predictFile>[0], file: string): Promise<string> =>
  inDirectory({}, async (directory) => {
    const out = join(directory, 'out.jsonl');
    const { rows: count } = await predictFile(model, file, { out });
    const lines = (await readFile(out, 'utf8')).split('\n').slice(0, -1);
    const numbers = lines.flatMap((line) => Object.values(JSON.parse(line) as object) as unknown[]);
    if (lines.length !== count || !numbers.every(Number.isFinite))
      throw new Error(`Not ${count} rows: ${lines.join()}`);
    return lines.join();
  });

/** Rows to predict, in a file of some ending. */
const rowsFormat = (file: string, content: () => Uint8Array): FaultFormat => ({
  name: `prediction ${file}`,
  example: () => Promise.resolve({ [file]: content() }),
  load: (files) =>
    inDirectory(files, (directory) => withModel(newModel(), (model) => predictions(model, join(directory, file)))),
});

const predictionCsv = rowsFormat('rows.csv', () => CSV);

const predictionParquet = rowsFormat('rows.parquet', () =>
  parquetBytes({
    columnData: [
      { name: 'age', data: rows.map(({ age }) => age), type: 'DOUBLE' },
      { name: 'town', data: rows.map(({ town }) => town), type: 'STRING' },
    ],
  }),
);

/** The folder of a trained model, with the format of its rows: all that decides the predictions of a file. */
const trainedModel: FaultFormat = {
  name: 'trained model',
  sealed: true,
  example: () => {
    const features = { age: 'numeric', town: { kind: 'categorical', from: 'town' } };
    const format = { csv: { trim: true }, features, tasks: { bought: 'binary' } };
    return filesOf((directory) => withModel(newModel(), (model) => writeTrainedModel(directory, model, format)));
  },
  load: (files) =>
    inDirectory({ 'rows.csv': CSV, ...files }, (directory) => predictions(directory, join(directory, 'rows.csv'))),
};

/** The body of a request to a service: it answers with finite predictions, or says what the client can fix. */
const requestBody: FaultFormat = {
  name: 'request body',
  example: () => Promise.resolve({ 'body.json': jsonBytes({ rows: rows.slice(0, 5) }) }),
  async load(files) {
    const model = newModel();
    const { url, close } = await serve(model, { port: 0 });
    try {
      const headers = { 'content-type': 'application/json' };
      const body = files['body.json'] as Uint8Array<ArrayBuffer>;
      const response = await fetch(`${url}/predict`, { method: 'POST', headers, body });
      const text = await response.text();
      if (response.status >= 400 && response.status < 500) throw new PolytaskError(text);
      if (!response.ok || text.includes('null')) throw new Error(`${response.status} ${text}`);
      return text;
    } finally {
      await close();
      model.dispose();
    }
  },
};

const lines = Array.from({ length: 60 }, (_, i) => `${i},t${i % 3},a|b${i % 4},u${i % 6},${i % 2},${i / 7}\n`);
const joined = Array.from({ length: 6 }, (_, i) => `u${i},${i * 10}\n`);

const DATASET = {
  name: 'shop',
  files: 'rows.csv',
  csv: { trim: true, missing: ['?'] },
  features: {
    age: { kind: 'numeric', indicator: true },
    town: 'categorical',
    tags: { kind: 'multi-valued', separator: '|', maxLength: 4 },
  },
  tasks: { bought: { kind: 'binary', positive: '1' }, hours: 'regression' },
  gaucGroup: 'user',
  context: ['town'],
  join: [{ files: ['users.csv'], on: 'user', features: { visits: 'numeric' } }],
  split: { kind: 'random', validation: 0.2, test: 0.2, seed: 7, groupBy: 'user' },
};

const datasetJson: FaultFormat = {
  name: 'dataset.json',
  example: async () => ({ 'set.json': jsonBytes(DATASET) }),
  load: (files) =>
    inDirectory(
      {
        'rows.csv': bytesOf(`age,town,tags,user,bought,hours\n${lines.join('')}`),
        'users.csv': bytesOf(`user,visits\n${joined.join('')}`),
        ...files,
      },
      async (directory) => {
        const { name, parts } = await openDataset(join(directory, 'set.json'));
        const { train, validation, test, groups } = parts(1);
        return textOf([name, train.schema, train.arrays, validation.arrays, test.arrays, groups]);
      },
    ),
};

const trials = [1, 2, 3].map((seed) => trialOf({ seed, metrics: { click: { auc: 0.7 + seed / 100, ne: 0.9 } } }));
const written = new Set(trials.map((trial) => textOf(trial)));

/**
 * The trials of a run. Each line has a checksum, the file has none: without its last lines, it is the file of a run that was killed. So
 * fewer trials are no fault, but a trial that was never written is one.
 */
const results: FaultFormat = {
  name: 'results.jsonl',
  example: () =>
    filesOf(async (directory) => {
      for (const trial of trials) await openResults(directory).append(trial);
    }),
  load: (files) =>
    inDirectory(files, async (directory) => {
      const read = (await openResults(directory).read()).map((trial) => textOf(trial));
      const strange = read.find((trial) => !written.has(trial));
      if (strange !== undefined) throw new Error(`A trial that was never written: ${strange}`);
      return read.join();
    }),
};

/** The same trials, compressed: gzip has a checksum of the whole text. */
const compressedResults: FaultFormat = {
  ...results,
  name: 'results.jsonl.gz',
  sealed: true,
  example: async () => ({ 'results.jsonl.gz': gzipSync((await results.example())['results.jsonl']!) }),
};

export const documents = [
  ...[datasetJson, suiteJson, results, compressedResults],
  ...[trainedModel, predictionCsv, predictionParquet, requestBody],
];
