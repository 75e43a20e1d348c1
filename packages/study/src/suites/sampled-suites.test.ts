import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Examples } from '@polytask/core';
import { encode, type EncodedTable } from '@polytask/data';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aliCcp, aliExpress, movielens } from './sampled-suites.ts';
import type { TrialData } from './suite-entry.ts';

const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}_${i + 1}`);
const csv = (rows: readonly (readonly unknown[])[]) => rows.map((row) => `${row.join(',')}\n`).join('');
const rowsOf = <R>(count: number, row: (i: number) => R) => Array.from({ length: count }, (_, i) => row(i));

const AD_COLUMNS = ['search_id', ...numbered('categorical', 16), ...numbered('numerical', 63), 'click', 'conversion'];
/** Results in lists of four. Feature i of row r is i + r. */
const results = (count: number) =>
  csv([
    AD_COLUMNS,
    ...rowsOf(count, (r) => [r >> 2, ...rowsOf(79, (i) => i + r), Number(r % 3 === 0), Number(r % 6 === 0)]),
  ]);

const FILES = {
  'train.csv': results(200),
  'test.csv': results(60),
  'common_features_train.csv': csv(rowsOf(9, (user) => [`u${user}`, 1, `101\u0002${user}\u00031`])),
  'common_features_test.csv': csv(rowsOf(9, (user) => [`u${user}`, 1, `101\u0002${user}\u00031`])),
  'sample_skeleton_train.csv': csv(
    rowsOf(90, (r) => [r, r % 2, Number(r % 4 === 1), `u${r % 9}`, 1, `205\u0002${r % 5}\u00031`]),
  ),
  'sample_skeleton_test.csv': csv(
    rowsOf(30, (r) => [r, r % 2, Number(r % 4 === 1), `u${r % 9}`, 1, `205\u0002${r % 5}\u00031`]),
  ),
  'ratings.csv': csv([
    ['userId', 'movieId', 'rating', 'timestamp'],
    ...rowsOf(100, (r) => [r % 7, r % 5, 1 + (r % 5), r]),
  ]),
  'movies.csv': csv([['movieId', 'title', 'genres'], ...rowsOf(5, (m) => [m, `Movie ${m}`, 'Comedy|Drama'])]),
};

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polytask-suites-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(directory, name), text);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Checks that the raw rows of a trial are its encoded rows, in their order. */
function expectRawRows({ train, validation, test: testRows, raw }: TrialData) {
  const parts: [keyof ReturnType<NonNullable<typeof raw>>, Examples][] = [
    ['train', train],
    ['validation', validation],
    ['test', testRows()],
  ];
  for (const [part, rows] of parts) {
    expect(encode(raw!()[part], train.schema).arrays).toEqual((rows as EncodedTable).arrays);
  }
}

test.each([
  { suite: aliExpress, all: { train: 200, test: 60 }, features: 79, tasks: ['click', 'conversion'] },
  { suite: aliCcp, all: { train: 90, test: 30 }, features: 18, tasks: ['click', 'conversion'] },
])('$suite.name takes rows of both files, and validation rows of the training file', async (row) => {
  const { suite, all, features, tasks } = row;
  const data = await suite.open({ directory });
  expect(data.wholeRows).toEqual(all);
  expect(data.config).toEqual({ set: suite.name, validation: 0.1, rows: all });
  const { train, validation, test: testRows } = data.trial(1);
  expect(train.size + validation.size).toBe(all.train);
  expect(validation.size).toBeGreaterThan(0);
  expect(testRows().size).toBe(all.test);
  expectRawRows(data.trial(2));
  expect([Object.keys(train.schema.features).length, Object.keys(train.schema.tasks)]).toEqual([features, tasks]);
  const limited = await suite.open({ directory, limitRows: 20 });
  expect(limited.config).toMatchObject({ rows: { train: 20, test: 20 } });
  expect(limited.wholeRows).toEqual(all);
});

test('movielens splits its ratings by the seed, and tells the user of each test row', async () => {
  const data = await movielens.open({ directory });
  expect(data.config).toEqual({ set: 'movielens', rows: { train: 80, validation: 10, test: 10 } });
  const [first, second] = [data.trial(1), data.trial(2)];
  expect([first.train.size, first.validation.size, first.test().size]).toEqual([80, 10, 10]);
  expect(first.testGroups).not.toEqual(second.testGroups);
  expectRawRows(second);
  expect(new Set(first.testGroups as Float64Array).size).toBeGreaterThan(3);
  expect(
    data.notes!()
      .map(({ message }) => message)
      .join(),
  ).toMatch(/movieId.*liked/); // each movie has one rating here
});
