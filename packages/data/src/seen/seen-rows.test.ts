import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineNetwork, fusion, multiTaskModel, regression, save } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as data from '../index.ts';
import { readSeenRows, writeSeenRows } from './rows-file.ts';
import { recognizeSeen, seenRows } from './seen-rows.ts';

let directory: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
  directory = mkdtempSync(join(tmpdir(), 'polytask-seen-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const people = Array.from({ length: 60 }, (_, i) => ({
  age: i / 10,
  job: i % 7 === 0 ? null : `job ${i % 5}`,
  likes: i % 4 === 0 ? '' : `like ${i % 3}|xl`,
  pay: 100 * i,
}));
type Person = (typeof people)[number];

const features = { age: data.numeric(), job: data.categorical(), likes: data.multiValued() };
const tableOf = (rows: readonly Person[]) => data.fromRows(rows, { features, tasks: { pay: regression() } });
const parts = { train: tableOf(people.slice(0, 40)), validation: tableOf(people.slice(40, 50)) };
const seen = seenRows(parts);
const sumOf = (flags: Uint8Array) => flags.reduce((sum, flag) => sum + flag, 0);
const count = (table: data.Table, withValidation = true) => sumOf(recognizeSeen(seen, [table], withValidation)![0]!);

/** Reads all rows of a file. */
async function read(name: string, content: string | Uint8Array, declared: object = {}): Promise<data.Table> {
  writeFileSync(join(directory, name), content);
  const described = { age: 'numeric', job: 'categorical', likes: 'multi-valued' };
  const document = { files: name, features: described, tasks: { pay: 'regression' }, split: { kind: 'random' } };
  writeFileSync(join(directory, 'd.json'), JSON.stringify({ ...document, ...declared }));
  return (await data.openDataset(join(directory, 'd.json'))).parts().raw().train;
}

test('a row is recognized in each file with its features, whatever their order, format, names and labels', async () => {
  const sorted = [...people].sort((a, b) => b.age - a.age);
  const lines = (rows: readonly Person[], line: (row: Person) => unknown[]) =>
    rows.map((row) => `${line(row).join()}\n`).join('');
  const files: readonly [string, Promise<data.Table>][] = [
    ['csv', read('a.csv', `age,job,likes,pay\n${lines(people, (row) => Object.values(row))}`)],
    [
      'columns',
      read('b.csv', `pay,likes,x,age,job\n${lines(sorted, (row) => [row.pay, row.likes, 7, row.age, row.job])}`),
    ],
    [
      'names',
      read('c.csv', `wage,job,likes,years\n${lines(people, (row) => [row.pay / 1000, row.job, row.likes, row.age])}`, {
        features: { likes: 'multi-valued', age: { kind: 'numeric', from: 'years', log: true }, job: 'categorical' },
        tasks: { pay: { kind: 'regression', from: 'wage' } },
      }),
    ],
    [
      'no labels',
      read('d.csv', `age,job,likes,rich\n${lines(people, ({ pay: _, ...row }) => [...Object.values(row), 1])}`, {
        tasks: { rich: 'binary' },
      }),
    ],
    [
      'jsonl',
      read(
        'e.jsonl',
        people.map((row) => JSON.stringify({ ...row, likes: row.likes.split('|').filter(Boolean) })).join('\n'),
      ),
    ],
    [
      'parquet',
      read(
        'f.parquet',
        new Uint8Array(
          parquetWriteBuffer({
            columnData: [
              { name: 'age', data: Float32Array.from(people, ({ age }) => age), type: 'FLOAT' },
              ...(['job', 'likes', 'pay'] as const).map((name) => ({ name, data: people.map((row) => row[name]) })),
            ],
          }),
        ),
      ),
    ],
  ];
  for (const [name, table] of files) {
    expect([count(await table), count(await table, false)], name).toEqual([50, 40]);
  }
  const others = people.map((row) => ({ ...row, likes: `${row.likes}|s` }));
  expect(count(tableOf(others))).toBe(0);
});

test('a row is recognized as often as the training had it, over all tables of a file', () => {
  const [twice] = people;
  const rowsOf = (rows: readonly Person[]) => recognizeSeen(again, [tableOf(rows)], true)![0]!;
  const doubled = seenRows({ ...parts, train: tableOf([twice!, twice!]) });
  const tables = [[twice!], [people[1]!, twice!, twice!]].map(tableOf);
  const [first, second] = recognizeSeen(doubled, tables, false)!;
  expect([first!.length, second!.length, second![0], sumOf(first!) + sumOf(second!)]).toEqual([1, 3, 0, 2]);
  const again = seenRows({ train: tableOf([twice!]), validation: tableOf([people[55]!]) }, doubled); // a continued training
  const flags = rowsOf([people[55]!, twice!, twice!, twice!, twice!, people[45]!, people[56]!]);
  expect([flags[0], sumOf(flags.subarray(1, 5)), ...flags.subarray(5)]).toEqual([1, 3, 1, 0]);
});

/** 2,000 rows with 200 different features, sorted by their labels. */
const repeated = Array.from({ length: 2000 }, (_, i) => ({ ...people[0]!, age: (i * 7919) % 200, pay: i >> 8 }));
const splitOf = (table: data.Table) => {
  const { train, validation, test } = data.splitRows(table.size, { validation: 0.1, test: 0.1, seed: 5 });
  return { train: table.subset(train), validation: table.subset(validation), test: table.subset(test) };
};

test('of a file with all rows of the training, the others are left, though many have the same features', () => {
  const table = tableOf(repeated);
  const { train, validation, test } = splitOf(table);
  // nearly all validation rows have the features of a training row: these rows are known by their places only
  const coarse = seenRows({ train, validation });
  const fine = { ...coarse, alike: 0.4 };
  const [left] = recognizeSeen(coarse, [table], true)!;
  const places = (of: data.Table, flags?: Uint8Array) =>
    Array.from({ length: of.size }, (_, row) => of.where(row)).filter((_, row) => !flags?.[row]);
  expect(coarse.alike).toBeGreaterThan(0.9);
  expect(places(table, left)).toEqual(places(test));
  expect(places(table, recognizeSeen(fine, [table], true)![0])).toEqual(places(test));
  const more = tableOf([...repeated, ...people.slice(1)]);
  expect(places(more, recognizeSeen(coarse, [more], true)![0])).toHaveLength(200 + 59);

  const reversed = tableOf(repeated.toReversed());
  expect(recognizeSeen(coarse, [reversed], true)).toBeUndefined();
  const pairs = ({ columns }: data.Table, flags?: Uint8Array) =>
    Array.from(columns.numbers['age']!, (age, row) => `${age} ${columns.numbers['pay']![row]}`)
      .filter((_, row) => !flags?.[row])
      .sort();
  expect(pairs(reversed, recognizeSeen(fine, [reversed], true)![0])).toEqual(pairs(test));
});

test('new rows with the features of training rows are left out whatever their labels', () => {
  const { train, validation } = splitOf(tableOf(repeated));
  const fine = { ...seenRows({ train, validation }), alike: 0.4 };
  const later = repeated.flatMap((row) => [row, row]).map((row) => ({ ...row, pay: row.pay + 0.5 })); // sorted by labels
  const [isSeen] = recognizeSeen(fine, [tableOf(later)], true)!;
  const left = later.filter((_, row) => isSeen![row] === 0);
  const mean = (rows: readonly Person[]) => rows.reduce((sum, { pay }) => sum + pay, 0) / rows.length;
  expect(left).toHaveLength(4000 - 1800);
  expect(Math.abs(mean(left) - mean(later))).toBeLessThan(0.1); // the deviation of labels is 2.3
});

test('new validation and test rows are none of the training, and the numbers of those left out are known', async () => {
  const text = `age,job,likes,pay\n${people.map((row) => Object.values(row).join()).join('\n')}\n`;
  const split = { kind: 'random', validation: 0.4, test: 0.4 };
  await read('g.csv', text, { split });
  const dataset = await data.openDataset(join(directory, 'd.json'), { seen });
  const { train, validation, test, leftOut, raw } = dataset.parts(3);
  expect([train.size, validation.size + leftOut!.validation, test.size + leftOut!.test]).toEqual([12, 24, 24]);
  expect(dataset.sizes(3)).toEqual({ train: 12, validation: validation.size, test: test.size });
  expect([...raw().validation.columns.numbers['age']!].every((age) => age > 3.9)).toBe(true);
  expect([...raw().test.columns.numbers['age']!].every((age) => age > 4.9)).toBe(true);
  expect(leftOut!.test).toBeGreaterThan(12);
  await read('h.csv', text.split('\n').slice(0, 41).join('\n'), { split });
  const old = await data.openDataset(join(directory, 'd.json'), { seen });
  expect(() => old.parts(3)).toThrow(
    "Expected validation rows that the model wasn't trained on, received 16 rows, all of which are rows of its training.",
  );
});

test('rows.json comes back as it was, belongs to the weights of one model, and notices changes', async () => {
  const network = defineNetwork('linear-of-seen-rows', () => fusion([]));
  const model = multiTaskModel({ schema: data.fitSchema(parts.train), network: network({}), seed: 1 });
  await expect(writeSeenRows(directory, seen)).rejects.toThrow('Pass the folder of a trained model.');
  await save(model, directory);
  expect(await readSeenRows(directory)).toBeUndefined();
  await writeSeenRows(directory, seen);
  expect(await readSeenRows(directory)).toEqual(seen);
  const file = join(directory, 'rows.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"alike":0', '"alike":1'));
  await expect(readSeenRows(directory)).rejects.toThrow(/changed after it was written.*Copy the folder again/);
  writeFileSync(file, text);
  await save(multiTaskModel({ ...model.config, seed: 2 }), directory);
  expect(await readSeenRows(directory)).toBeUndefined();
});
