import { binary, multiclass, regression } from '@polytask/core';
import { multiLabel } from '@polytask/core/tasks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repetitions } from '../../../../cases.base.ts';
import { numeric } from '../declarations/kinds.ts';
import { fromRows } from '../table/from-rows.ts';
import { type RowSplit, rowsOfParts, withFewTimes } from './row-split.ts';
import { split } from './split.ts';

const ROWS = 200;
const people = Array.from({ length: ROWS }, (_, i) => ({
  x: i,
  user: `u${i % 23}`,
  day: `2022-0${1 + (i % 9)}-01`,
  part: ['a', 'b', 'c', 'd'][i % 4]!,
  rare: Number(i % 20 === 0),
  grade: ['low', 'middle', 'high'][i % 7 === 0 ? 0 : 1 + (i % 2)]!,
  hours: i % 3 ? i / 10 : null,
  tags: i % 10 === 0 ? 'news|sport' : i % 3 === 0 ? 'sport' : '',
}));
const tasks = { rare: binary(), grade: multiclass(), hours: regression(), tags: multiLabel() };
const table = fromRows(people, { features: { x: numeric() }, tasks, keep: ['user', 'day', 'part'] });
const random: RowSplit = { kind: 'random', validation: 0.1, test: 0.2 };
const foldsOf = (how: RowSplit, of: number, seed = 1) =>
  Array.from({ length: of }, (_, i) => rowsOfParts(table, how, seed, { number: i + 1, of }));
const all = (lists: readonly Uint32Array[]) => lists.flatMap((rows) => [...rows]).sort((a, b) => a - b);
const everyRow = Array.from({ length: ROWS }, (_, row) => row);
const groupsIn = (rows: Uint32Array) => new Set([...rows].map((row) => people[row]!.user));

describe('folds', () => {
  it('test each row once, and have all three parts in every row of the table', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), fc.nat(), (of, seed) => {
        const folds = foldsOf(random, of, seed);
        expect(all(folds.map(({ test }) => test))).toEqual(everyRow);
        for (const { train, validation, test } of folds) {
          expect(all([train, validation, test])).toEqual(everyRow);
          expect(Math.abs(test.length - ROWS / of)).toBeLessThan(1);
          expect(validation.length).toBe(Math.round((ROWS - test.length) * (0.1 / 0.8)));
        }
      }),
      { numRuns: repetitions(20) },
    );
  });

  it('depend on the seed, and on nothing else', () => {
    expect(foldsOf(random, 5)).toEqual(foldsOf(random, 5));
    expect(foldsOf(random, 5)[0]!.test).not.toEqual(foldsOf(random, 5, 2)[0]!.test);
  });

  it('keep whole groups, in folds of about one size', () => {
    const folds = foldsOf({ ...random, groupBy: 'user' }, 4);
    expect(all(folds.map(({ test }) => test))).toEqual(everyRow);
    for (const { train, validation, test } of folds) {
      expect(Math.abs(test.length - ROWS / 4)).toBeLessThan(ROWS / 23);
      const [inTrain, inValidation, inTest] = [train, validation, test].map(groupsIn) as [
        Set<string>,
        Set<string>,
        Set<string>,
      ];
      expect([...inTest].filter((user) => inTrain.has(user) || inValidation.has(user))).toEqual([]);
      expect([...inValidation].filter((user) => inTrain.has(user))).toEqual([]);
    }
  });

  it('leave out the test rows that a seed or a column declares', () => {
    const fixed = rowsOfParts(table, { ...random, seed: 3 }, 1).test;
    const seeded = foldsOf({ ...random, seed: 3 }, 5);
    expect(all([...seeded.map(({ test }) => test), fixed])).toEqual(everyRow);
    const byColumn = foldsOf({ kind: 'column', column: 'part', validation: 'c', test: 'd' }, 5);
    const dealt = all(byColumn.map(({ test }) => test));
    expect(dealt).toEqual(everyRow.filter((row) => row % 4 < 2));
    for (const { validation } of byColumn) expect([...validation]).toEqual(everyRow.filter((row) => row % 4 === 2));
  });

  it.each<[RowSplit, { number: number; of: number }, string]>([
    [{ kind: 'time', column: 'day', test: 0.1 }, { number: 1, of: 5 }, 'received a split by time, of column "day"'],
    [
      { ...random, groupBy: 'user' },
      { number: 24, of: 24 },
      'Expected rows for each of 24 folds, received 200 rows in 23 groups',
    ],
    [random, { number: 6, of: 5 }, 'Expected a whole number in [1, 5] for "number" of a fold'],
    [random, { number: 1, of: 1 }, '"of" of a fold'],
  ])('refuse %j with fold %j', (how, fold, message) => {
    expect(() => rowsOfParts(table, how, 1, fold)).toThrow(message);
  });
});

describe('stratify', () => {
  const share = (rows: Uint32Array, is: (row: (typeof people)[number]) => boolean) =>
    [...rows].filter((row) => is(people[row]!)).length / rows.length;
  const labels: ((row: (typeof people)[number]) => boolean)[] = [
    (row) => row.rare === 1,
    (row) => row.grade === 'low',
    (row) => row.grade === 'high',
    (row) => row.tags.includes('news'),
    (row) => row.hours !== null && row.hours >= 16,
  ];

  it('gives each fold its share of the labels of all tasks, to a row', () => {
    const folds = foldsOf({ ...random, stratify: true }, 5);
    expect(all(folds.map(({ test }) => test))).toEqual(everyRow);
    for (const { test } of folds) {
      expect(Math.abs(test.length - 40)).toBeLessThanOrEqual(1);
      for (const is of labels)
        expect(Math.abs(share(test, is) - share(Uint32Array.from(everyRow), is))).toBeLessThanOrEqual(2 / 39);
    }
    expect(folds.map(({ test }) => [...test].filter((row) => people[row]!.rare).length)).toEqual([2, 2, 2, 2, 2]);
  });

  it('gives each part of a split its share; a part without a share gets no row', () => {
    const { train, validation, test } = rowsOfParts(table, { kind: 'random', test: 0.2, stratify: ['rare'] }, 4);
    expect(validation).toHaveLength(0);
    expect([train, test].map((rows) => [...rows].filter((row) => people[row]!.rare).length)).toEqual([8, 2]);
    expect(all([train, test])).toEqual(everyRow);
  });

  it('refuses an unknown task, and groups beside', () => {
    expect(() => rowsOfParts(table, { ...random, stratify: ['rar'] }, 1)).toThrow(
      'Expected a task of the table to stratify by, received "rar"',
    );
    expect(() => rowsOfParts(table, { ...random, stratify: true, groupBy: 'user' }, 1)).toThrow(
      'Expected a split by groupBy or by stratify, received both',
    );
  });
});

describe('split', () => {
  it('has the kinds of a data set file', () => {
    const byTime = split(table, { kind: 'time', column: 'day', validation: 0.1, test: 0.1 }).rows;
    expect(byTime).toEqual(rowsOfParts(table, { kind: 'time', column: 'day', validation: 0.1, test: 0.1 }, 0));
    const latest = [...byTime.train]
      .map((row) => people[row]!.day)
      .sort()
      .at(-1)!;
    expect([...byTime.test].every((row) => people[row]!.day > latest)).toBe(true);
    const byColumn = split(table, { kind: 'column', column: 'part', test: ['c', 'd'] });
    expect([byColumn.train.size, byColumn.validation.size, byColumn.test.size]).toEqual([100, 0, 100]);
    const byNumber = split(table, { kind: 'time', column: 'x', test: 0.1 });
    expect([...byNumber.rows.test]).toEqual(everyRow.slice(180));
  });

  it('by time leaves no rows to train on where all rows have one of few times', () => {
    const rows = (months: string[]) =>
      fromRows(
        months.map((month, x) => ({ month, x, y: x % 2 })),
        { features: { x: numeric() }, tasks: { y: binary() }, keep: ['month'] },
      );
    const byMonth = { kind: 'time', column: 'month', validation: 0.1, test: 0.1 } as const;
    const random = { kind: 'random', validation: 0.1, test: 0.1 } as const;
    const april = rows(Array<string>(50).fill('2026-04'));
    expect(withFewTimes(april, byMonth)).toEqual({ times: 1, split: random });
    expect(() => rowsOfParts(april, byMonth, 0)).toThrow('Take rows of more times, or "split": { "kind": "random"');
    const two = rows([...Array<string>(45).fill('2026-04'), ...Array<string>(5).fill('2026-05')]);
    expect([withFewTimes(two, byMonth)?.times, withFewTimes(two, { ...byMonth, validation: 0 })]).toEqual([
      2,
      undefined,
    ]);
    expect(withFewTimes(april, random)).toBeUndefined();
  });

  it('takes one fold as the test rows', () => {
    const { rows } = split(table, { validation: 0.1, seed: 7, fold: { number: 2, of: 5 } });
    expect(rows).toEqual(rowsOfParts(table, { kind: 'random', validation: 0.1 }, 7, { number: 2, of: 5 }));
  });

  it('reads dates in one way only, in any time zone', () => {
    const split = (days: string[], format?: 'day-first' | 'month-first') =>
      rowsOfParts(
        fromRows(
          days.map((day, x) => ({ day, x, y: x % 2 })),
          { features: { x: numeric() }, tasks: { y: binary() }, keep: ['day'] },
        ),
        { kind: 'time', column: 'day', test: 0.25, ...(format && { format }) },
        0,
      ).test;
    expect([...split(['2023-11', '2024-02', '2023-12', '2023-01'])]).toEqual([1]);
    expect([...split(['2024-01-01T23:30-02:00', '2024-01-02T01:00Z', '2024-01-01', '2023-12-31'])]).toEqual([0]);
    expect([...split(['20231105', '20240102', '20230301', '20231231'])]).toEqual([1]);
    expect([...split(['05.01.2023', 'May 1 2023', '1 Feb 2023', '2023-01-01'])]).toEqual([1]);
    const days = ['05/01/2023', '01/05/2023', '01/02/2023', '01/03/2023'];
    expect([...split(days, 'day-first')]).toEqual([1]); // May 1
    expect([...split(days, 'month-first')]).toEqual([0]);
    for (const day of ['05.13.2023', '01/05/2023', 'May 1 23', 'room 5', '2023-13'])
      expect(() => split([day, '2023-01-01', '2023-01-02', '2023-01-03'])).toThrow(
        `Expected a number or a date in column "day", to split by time, received "${day}"`,
      );
  });

  it.each<[object, string]>([
    [
      { kind: 'column', column: 'part', validation: 'c', test: ['d', 'c'] },
      'Expected each value of column "part" in one part of the split, received "c" for validation and test',
    ],
    [{ kind: 'colum', column: 'part' }, 'Expected a kind for split, received "colum". Did you mean "column"?'],
    [{ kind: 'time', column: 'dya' }, 'Expected column "dya" in the table'],
    [{ kind: 'time', column: 'day', seed: 1 }, 'seed'],
    [{ test: 0.1, fold: { number: 1, of: 2 } }, 'Expected test or fold, received both'],
  ])('refuses %j', (options, message) => {
    expect(() => split(table, options as never)).toThrow(message);
  });
});
