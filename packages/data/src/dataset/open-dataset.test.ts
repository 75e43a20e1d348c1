import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labelsOf, binary, regression, type CategoricalFeature } from '@polytask/core';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { split } from '../fitting/split.ts';
import { parseCsv } from '../csv/read-csv.ts';
import { categorical, hashed, multiValued, numeric, idSequence, sideColumn } from '../declarations/kinds.ts';
import { datasetFromFiles, openDataset, readDataset } from './open-dataset.ts';

const ROWS = 60;
const line = (i: number) =>
  `${i % 9},s${i % 4},t${i % 2}|u${i % 3},u${i % 7},${i % 3 ? 'no' : 'yes'},${i % 5 ? i / 2 : '?'},1,` +
  `2022-05-${String(1 + (i % 20)).padStart(2, '0')},p${i % 6}\n`;
const csv = (from: number, to: number) =>
  `x,state,tags,user,bought,hours,trust,day,part\n${Array.from({ length: to - from }, (_, i) => line(from + i)).join('')}`;

const file = {
  files: 'rows.csv',
  csv: { missing: ['?'] },
  features: {
    x: { kind: 'numeric', log: true },
    state: 'categorical',
    tags: { kind: 'multi-valued', values: { kind: 'hashed', buckets: 9 } },
    history: { kind: 'id-sequence', from: 'tags', target: 'state', maxLength: 2 },
    marks: { kind: 'side-column', of: 'history', from: 'tags', values: { kind: 'hashed', buckets: 9 } },
  },
  tasks: {
    bought: { kind: 'binary', positive: 'yes' },
    hours: { kind: 'regression', loss: 'huber', weightFrom: 'trust' },
  },
  gaucGroup: 'user',
};

let directory: string;
const write = (name: string, content: unknown) => {
  const path = join(directory, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polytask-dataset-'));
  write('rows.csv', csv(0, ROWS));
  write('more.csv', csv(ROWS, ROWS + 20));
  write('users.csv', `user,age\n${[0, 1, 2, 3, 4, 5].map((u) => `u${u},${20 + u}\n`).join('')}`);
  const column = (name: string, data: unknown[], type: 'INT32' | 'STRING') => ({ name, data: data as number[], type });
  const numbers = Array.from({ length: 20 }, (_, i) => i);
  const parquet = parquetWriteBuffer({
    columnData: [
      column(
        'x',
        numbers.map((i) => i % 9),
        'INT32',
      ),
      column(
        'state',
        numbers.map((i) => `s${i % 4}`),
        'STRING',
      ),
      column(
        'tags',
        numbers.map((i) => `t${i % 2}|u${i % 3}`),
        'STRING',
      ),
      column(
        'user',
        numbers.map((i) => `u${i % 7}`),
        'STRING',
      ),
      column(
        'bought',
        numbers.map((i) => (i % 3 ? 'no' : 'yes')),
        'STRING',
      ),
      { name: 'hours', data: numbers.map((i) => (i % 5 ? i / 2 : null)) as number[], type: 'DOUBLE', nullable: true },
      column(
        'trust',
        numbers.map(() => 1),
        'INT32',
      ),
    ],
  });
  writeFileSync(join(directory, 'rows.parquet'), new Uint8Array(parquet));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('a data set file', () => {
  it('gives what the same declaration gives in a program', async () => {
    const { groups, ...parts } = await readDataset(write('a.json', file), { seed: 7 });
    const table = parseCsv(csv(0, ROWS), {
      features: {
        x: numeric({ log: true }),
        state: categorical(),
        tags: multiValued({ values: { kind: 'hashed', buckets: 9 } }),
        history: idSequence({ from: 'tags', target: 'state', maxLength: 2 }),
        marks: sideColumn({ of: 'history', from: 'tags', values: hashed({ buckets: 9 }) }),
      },
      tasks: { bought: binary({ positive: 'yes' }), hours: regression({ loss: 'huber', weightFrom: 'trust' }) },
      groups: 'user',
      missing: ['?'],
    });
    const expected = split(table, { validation: 0.1, test: 0.1, seed: 7 });
    for (const part of ['train', 'validation', 'test'] as const) {
      expect(parts[part].arrays).toEqual(expected[part].arrays);
      expect(groups![part].length).toBe(parts[part].size);
      expect(parts[part].arrays.groups!.length).toBe(parts[part].size); // for losses that compare rows
    }
    expect(parts.train.schema).toEqual(expected.train.schema);
    expect([parts.train.size, parts.validation.size, parts.test.size]).toEqual([48, 6, 6]);
  });

  it('has all kinds of task, also one of several labels', async () => {
    const tasks = {
      tags: { kind: 'multi-label', others: 'left-out', labels: ['u0', 't1'] },
      bought: file.tasks.bought,
    };
    const { train, test } = await readDataset(
      write('labels.json', {
        ...file,
        features: { x: 'numeric' },
        tasks,
        split: { kind: 'random', test: 0.5, seed: 1 },
      }),
    );
    const all = [...labelsOf(train.arrays, 'tags').labels, ...labelsOf(test.arrays, 'tags').labels];
    const masks = [...Array(ROWS).keys()].map((i) => Number(i % 3 === 0) + 2 * (i % 2));
    expect(all.sort()).toEqual(masks.sort());
  });

  it('reads the time and the event of a survival task from two columns', async () => {
    const tasks = { stays: { kind: 'survival', from: 'x', event: 'bought', positive: 'yes', cuts: 2 } };
    const { train, test } = await readDataset(
      write('times.json', {
        ...file,
        ...{ features: { state: 'categorical' }, tasks, split: { kind: 'random', test: 0.5, seed: 1 } },
      }),
    );
    const all = [...labelsOf(train.arrays, 'stays').labels, ...labelsOf(test.arrays, 'stays').labels];
    const expected = [...Array(ROWS).keys()].map((i) => (i % 3 ? -(i % 9) : i % 9));
    expect(all.map((each) => each + 0).sort()).toEqual(expected.map((each) => each + 0).sort());
  });

  it('reads Parquet and several files, and parts of their own', async () => {
    const { train, validation, test } = await readDataset(
      write('b.json', {
        ...file,
        files: { train: ['rows.csv', 'more.csv'], test: 'rows.parquet' },
        split: { kind: 'random', validation: 0.25, seed: 3 },
      }),
    );
    expect([train.size, validation.size, test.size]).toEqual([60, 20, 20]);
    const first = parseCsv(csv(0, 20), {
      features: { x: numeric({ log: true }) },
      tasks: { bought: binary({ positive: 'yes' }) },
    });
    expect(Array.from(labelsOf(test.arrays, 'bought').labels)).toEqual(
      Array.from(first.columns.texts['bought']!.codes, (code) => 1 - code),
    );
    expect(Array.from(labelsOf(test.arrays, 'hours').weights)).toEqual(
      Array.from({ length: 20 }, (_, i) => Number(i % 5 > 0)),
    );
  });

  it('splits by time: the last for the test, those before for validation, one time in one part', async () => {
    const { train, validation, test } = await readDataset(
      write('c.json', {
        ...file,
        features: { x: 'numeric', d: { kind: 'categorical', from: 'day' } },
        split: { kind: 'time', column: 'day', validation: 0.1, test: 0.2 },
      }),
    );
    expect([train.size, validation.size, test.size]).toEqual([42, 6, 12]); // 20 days of three rows: 14, 2 and 4
    expect((train.schema.features['d'] as CategoricalFeature).vocabulary.at(-1)).toBe('2022-05-14');
    expect(new Set(test.arrays.ids)).toEqual(new Set([0])); // days that the schema doesn't know
    const wrong = write('d.json', { ...file, split: { kind: 'time', column: 'state', test: 0.2 } });
    await expect(readDataset(wrong)).rejects.toThrow(
      /a number or a date in column "state", to split by time, received "s0" in .*rows\.csv, line 2/,
    );
  });

  it('splits by the value of a column', async () => {
    const by = (more: object) =>
      readDataset(
        write('e.json', {
          ...file,
          split: { kind: 'column', column: 'part', validation: 'p4', test: ['p5', 'p3'], ...more },
        }),
      );
    const { train, validation, test } = await by({});
    expect([train.size, validation.size, test.size]).toEqual([30, 10, 20]);
    await expect(by({ test: 'p9' })).rejects.toThrow(
      'a value of column "part" to split by, received "p9". Did you mean',
    );
    await expect(by({ test: ['p0', 'p1', 'p2', 'p3', 'p5'] })).rejects.toThrow(
      'rows to train on after the split by column "part"',
    );
  });

  it('keeps the rows of a user in one part, and another seed splits anew', async () => {
    const dataset = await openDataset(
      write('people.schema.json', {
        ...file,
        features: { u: { kind: 'categorical', from: 'user' } },
        split: { kind: 'random', test: 0.4, groupBy: 'user' },
      }),
    );
    expect(dataset.name).toBe('people');
    const { train, test } = dataset.parts(1);
    expect(train.size + test.size).toBe(ROWS);
    expect(new Set(test.arrays.ids)).toEqual(new Set([0]));
    expect(dataset.parts(1).train.arrays).toEqual(train.arrays);
    expect(dataset.parts(2).train.arrays).not.toEqual(train.arrays);
  });

  it('warns of users on both sides of a random split, unless it keeps their rows together', async () => {
    const columns = async (split: object | undefined) =>
      (await readDataset(write('sides.json', { ...file, features: { x: 'numeric' }, split })))
        .warnings()
        .flatMap(({ kind, evidence }) => (kind === 'same-entities' ? evidence['columns'] : []));
    expect(await columns(undefined)).toEqual(['user']);
    expect(await columns({ kind: 'random', test: 0.4, groupBy: 'user' })).toEqual([]);
    expect(await columns({ kind: 'time', column: 'day', test: 0.2 })).toEqual([]); // there it is usual
  });

  it('warns of a feature whose values only the test rows have, as after a split by time', async () => {
    const features = { day: 'categorical', state: 'categorical' };
    const split = { kind: 'time', column: 'day', test: 0.2 };
    const found = (await readDataset(write('late.json', { ...file, features, split })))
      .warnings()
      .filter(({ kind }) => kind === 'unseen-values');
    expect(found).toMatchObject([{ about: { column: 'day', part: 'test' }, evidence: { share: 1 } }]);
  });

  it('does not warn of dates after a split by time, which are later in later rows', async () => {
    const dayOf = (i: number) => new Date(86_400_000 * i).toISOString().slice(0, 10);
    const lineOf = (_: unknown, i: number) =>
      `${dayOf(i)},${dayOf(i)},${i < 240 ? i % 50 : 30 + (i % 20)},${i % 3 ? 'yes' : 'no'}\n`;
    write('log.csv', `day,copy,n,y\n${Array.from({ length: 400 }, lineOf).join('')}`);
    const tasks = { y: { kind: 'binary', positive: 'yes' } };
    const split = { kind: 'time', column: 'day', validation: 0.2, test: 0.2 };
    const features = { day: 'date', copy: 'date', n: 'numeric' };
    const found = (await readDataset(write('log.json', { files: 'log.csv', features, tasks, split }))).warnings();
    const shifted = found.filter(({ kind }) => kind === 'shifted-values');
    expect(new Set(shifted.map(({ about }) => about.column))).toEqual(new Set(['n']));
  });

  it('warns of a positive value that the test file spells otherwise, and of an outlier with its place', async () => {
    const rows = (no: string, yes: string, x = 0) =>
      Array.from({ length: 30 }, (_, i) => `${x + i},${i % 3 ? no : yes}\n`);
    write('train.csv', `x,income\n${rows('<=50K', '>50K').join('')}1e5,<=50K\n`);
    write('test.csv', `x,income\n${rows('<=50K.', '>50K.', 0.5).join('')}`);
    const people = (positive: unknown) =>
      readDataset(
        write('census.json', {
          files: { train: 'train.csv', test: 'test.csv' },
          features: { x: 'numeric' },
          tasks: { income: { kind: 'binary', positive } },
          split: { kind: 'random' },
        }),
      );
    const warnings = (await people('>50K')).warnings();
    expect(warnings.map(({ kind }) => kind)).toEqual(['outlier', 'positive-spelling', 'missing-class']);
    expect(warnings[0]!.message).toMatch(
      /^One training row \(100000 in .*train\.csv, line 32\) holds more than 99\.99%/,
    );
    expect(warnings[1]!.message).toContain('"positive": [ ">50K", ">50K." ]');
    const { test, warnings: again } = await people(['>50K', '>50K.']);
    expect(again().map(({ kind }) => kind)).toEqual(['outlier']);
    expect(labelsOf(test.arrays, 'income').labels.reduce((a, b) => a + b)).toBe(10);
  });

  it('passes over comments and first lines of its CSV files', async () => {
    write('noted.csv', `Made by hand\n# note\n${csv(0, ROWS)}`);
    const { train, validation, test } = await readDataset(
      write('noted.json', { ...file, files: 'noted.csv', csv: { missing: ['?'], skip: 1, comment: '#' } }),
    );
    expect(train.size + validation.size + test.size).toBe(ROWS);
  });

  it('joins the features of another file', async () => {
    const { train } = await readDataset(
      write('f.json', {
        ...file,
        join: [{ files: 'users.csv', on: 'user', features: { age: { kind: 'numeric', standardize: false } } }],
        split: { kind: 'random' },
      }),
    );
    const ages = Array.from({ length: ROWS }, (_, row) => train.arrays.numeric[row * 2 + 1]);
    expect(ages).toEqual(Array.from({ length: ROWS }, (_, i) => (i % 7 === 6 ? 0 : 20 + (i % 7))));
  });
});

const wrong: [string, object, string][] = [
  ['a key', { feature: {} }, 'Expected an option of w.json, received "feature". Did you mean "features"?'],
  [
    'a kind of feature',
    { features: { x: 'numerical' } },
    'a kind for w.json.features.x, received "numerical". Did you mean "numeric"?',
  ],
  [
    'no text for a kind',
    { features: { x: { kind: { toString: 1 } } } },
    'a kind for w.json.features.x, received {"toString":1}',
  ],
  [
    'an option of a feature',
    { features: { x: { kind: 'numeric', logg: true } } },
    'an option of w.json.features.x, received "logg". Did you mean "log"?',
  ],
  [
    'a value of an option',
    { features: { x: { kind: 'hashed', buckets: 0 } } },
    'w.json.features.x.buckets, received 0',
  ],
  [
    'a value within a list',
    { features: { x: { kind: 'multi-valued', values: 'vector' } } },
    'a kind for w.json.features.x.values, received "vector"',
  ],
  [
    'a value within a sequence',
    { features: { x: { kind: 'id-sequence', values: 'numeric' } } },
    'a kind for w.json.features.x.values, received "numeric"',
  ],
  [
    'a kind of task',
    { tasks: { bought: { kind: 'binery' } } },
    'a kind for w.json.tasks.bought, received "binery". Did you mean "binary"?',
  ],
  [
    'an option of a task',
    { tasks: { bought: { kind: 'binary', postive: 'yes' } } },
    'received "postive". Did you mean "positive"?',
  ],
  ['no tasks', { tasks: undefined }, 'an object for w.json.tasks, with a key for each, received nothing'],
  [
    'a split',
    { split: { kind: 'time', colum: 'day' } },
    'an option of w.json.split, received "colum". Did you mean "column"?',
  ],
  [
    'fractions',
    { split: { kind: 'random', validation: 0.5, test: 0.5 } },
    'w.json.split to leave rows to train on, received 0.5 and 0.5',
  ],
  [
    'a part twice',
    { files: { train: 'rows.csv', test: 'more.csv' }, split: { kind: 'random', test: 0.1 } },
    'no test in w.json.split, as files.test has the rows, received 0.1',
  ],
  ['a file of two parts', { files: { train: 'rows.csv', test: 'rows.csv' } }, '"rows.csv" in two parts'],
  ['an option of CSV', { csv: { seperator: ';' } }, 'an option of w.json.csv, received "seperator"'],
  ['a format', { format: 'parket' }, 'received "parket". Did you mean "parquet"?'],
  ['no file', { files: undefined }, 'a text for w.json.files, received nothing'],
  ['a file that is not there', { files: 'row.csv' }, 'Did you mean "rows.csv"?'],
  ['a join', { join: [{ files: 'users.csv', on: 'user' }] }, 'an object for w.json.join[0].features'],
];

describe('what is wrong in a data set file is said, with what was meant', () => {
  it.each(wrong)('%s', async (_, change, message) => {
    await expect(readDataset(write('w.json', { ...file, ...change }))).rejects.toThrow(message);
  });

  it('no file, no JSON, no object', async () => {
    await expect(readDataset(join(directory, 'none.json'))).rejects.toThrow('received none that can be read');
    await expect(readDataset(write('w.json', '{ "files": '))).rejects.toThrow(/Expected JSON in .*w\.json/);
    await expect(readDataset(write('w.json', '[]'))).rejects.toThrow(
      'Expected a data set file in w.json, received an array',
    );
  });
});

describe('a data set from files of the caller', () => {
  const blob = new Blob([csv(0, ROWS)]);

  it('has the parts of the file on disk', async () => {
    write('rows.csv', csv(0, ROWS));
    const here = await datasetFromFiles(file, { 'rows.csv': blob }, { name: 'shop' });
    const there = await openDataset(write('shop.json', file));
    expect(here.name).toBe('shop');
    for (const part of ['train', 'validation', 'test'] as const) {
      expect(here.parts(3)[part].arrays).toEqual(there.parts(3)[part].arrays);
    }
  });

  it('is the same with the address of a schema', async () => {
    const { document } = await datasetFromFiles({ $schema: './dataset.schema.json', ...file }, { 'rows.csv': blob });
    expect(document).toEqual(file);
  });

  it('refuses a file that is not given, and more rows than its limit', async () => {
    await expect(datasetFromFiles(file, {})).rejects.toThrow(
      'Expected the file rows.csv, received none. Pass it in files.',
    );
    await expect(datasetFromFiles(file, { 'rows.cvs': blob })).rejects.toThrow('file rows.csv, received rows.cvs.');
    await expect(datasetFromFiles(file, { 'rows.csv': blob }, { limits: { rows: 5 } })).rejects.toThrow('rows');
  });
});
