import { describe, expect, it } from 'vitest';
import { describeCsv } from './describe.ts';
import type { DescribeOptions } from './description.ts';

type Cell = (row: number) => string | number;

function csv(columns: Readonly<Record<string, Cell>>, rows = 400): string {
  const lines = Array.from({ length: rows }, (_, i) => Object.values(columns).map((cell) => cell(i)).join(',')); // prettier-ignore
  return [Object.keys(columns).join(','), ...lines].join('\n');
}

const age: Cell = (i) => 18 + ((i * 7) % 61);
const x: Cell = (i) => (i * 37) % 101;
const label: Cell = (i) => Number(((i * 7919) % 1013) % 3 === 0);
const tenth: Cell = (i) => Number(i % 10 === 0);

describe('a split', () => {
  const text = csv({ age, user_id: (i) => `u${i % 40}`, day: (i) => `2024-01-${10 + (i % 20)}`, label });
  const split = { kind: 'time', column: 'day', validation: 0.1, test: 0.2 } as const;

  it('is suggested by time and by user', () => {
    const log = csv({
      user_id: (i) => i % 150,
      birth_date: (i) => `1990-05-${10 + (i % 20)}`,
      ts: (i) => 1650812741 + i,
      age,
      label,
    });
    expect(describeCsv(log).suggestions.map(({ message }) => message)).toEqual([
      'To test on the latest rows, add "split": { "kind": "time", "column": "ts", "validation": 0.1, "test": 0.1 }.',
      'With a split by time, the trend of a test row is beyond those of all training rows. Leave it out: write ' +
        '"ts": { "kind": "date", "format": "seconds", "parts": ["year","week"] }.',
      'To keep the rows of one `user_id` in one part, add "split": { "kind": "random", "validation": 0.1, "test": 0.1, "groupBy": "user_id" }.',
    ]);
  });

  it('goes into the document, in place of suggestions', () => {
    expect(describeCsv(text).suggestions).toHaveLength(3);
    const { dataset, suggestions } = describeCsv(text, { split });
    expect(dataset.split).toEqual(split);
    expect(suggestions.map(({ kind }) => kind)).toEqual(['trend-of-latest-rows']);
    const stratified = { kind: 'random', test: 0.1, groupBy: 'user_id' } as const;
    expect(describeCsv(text, { split: stratified }).dataset.split).toEqual(stratified);
  });

  it('by time has the format of its dates', () => {
    const days = csv({ age, user_id: (i) => `u${i % 40}`, day: (i) => `${10 + (i % 20)}/01/2024`, label });
    const written = { ...split, format: 'day-first' };
    expect(describeCsv(days, { split }).dataset.split).toEqual(written);
    expect(describeCsv(days, { split: written as typeof split }).dataset.split).toEqual(written);
  });

  it('without fractions has a tenth of the rows for validation and for the test', () => {
    const { validation, test, ...bare } = split;
    expect([validation, test]).toEqual([0.1, 0.2]);
    expect(describeCsv(text, { split: bare }).dataset.split).toEqual({ ...bare, validation: 0.1, test: 0.1 });
  });

  it('is suggested by the year of the rows, too', () => {
    const kindsOf = (name: string) =>
      describeCsv(csv({ [name]: (i) => 1997 + (i % 6), age, label })).suggestions.map(({ kind }) => kind);
    expect(kindsOf('year')).toEqual(['time-column']);
    expect(kindsOf('year_built')).toEqual([]);
  });

  it.each<[object, string]>([
    [{ ...split, column: 'days' }, 'Expected a column of the file for the split, received "days". Did you mean "day"?'],
    [{ kind: 'random', stratify: ['lable'] }, 'Expected a task to stratify for the split, received "lable"'],
    [{ ...split, test: 0.95 }, 'Expected validation and test of describeCsv.split to leave rows to train on'],
    [{ kind: 'times' }, 'Expected a kind for describeCsv.split, received "times"'],
    [{ ...split, group: 'user_id' }, 'group'],
  ])('%j is refused', (given, message) => {
    expect(() => describeCsv(text, { split: given as typeof split })).toThrow(message);
  });
});

describe('a table with too few rows to decide anything', () => {
  const few = (columns: Readonly<Record<string, Cell>>, rows: number, options: DescribeOptions = {}) =>
    describeCsv(csv(columns, rows), options).warnings.flatMap(({ kind, message }) =>
      kind === 'few-labels' ? [message] : [],
    );

  it('is one whose AUC is known to more than ±.1', () => {
    expect(few({ age, label: tenth }, 1000)).toEqual([
      '`label`: about 10 rows with yes are for the test, so the 95% interval of its AUC is ±0.17. ' +
        'For ±0.1, the table needs about 290 rows with yes; it has 100. `polytask bench --folds 10` tests on all of them.',
    ]);
    expect(few({ age, label: tenth }, 2900)).toEqual([]);
    const split = { kind: 'random', test: 0.3 } as const;
    expect(few({ age, label: tenth }, 1000, { split })).toEqual([]);
    expect(few({ age, label: (i) => 1 - Number(tenth(i)) }, 1000)[0]).toContain('about 10 rows with no');
  });

  it('or its accuracy to ±.1, or its RMSE to ±10%', () => {
    const grade: Cell = (i) => ['a', 'b', 'c'][i % 3]!;
    expect(few({ age, grade }, 500, { tasks: ['grade'] })[0]).toContain(
      'about 50 rows are for the test, so the 95% interval of its accuracy is ±0.14',
    );
    expect(few({ age, grade }, 970, { tasks: ['grade'] })).toEqual([]);
    expect(few({ age, x }, 1000, { tasks: ['x'] })[0]).toContain(
      'the 95% interval of its RMSE is ±14%. For ±10%, the table needs about 1,900 rows',
    );
    expect(few({ age, x }, 1930, { tasks: ['x'] })).toEqual([]);
    // of zeros and ones, 1% ones, the kurtosis is 1 / (.01 × .99) − 3 = 98; of 1,000 test rows, ±1.96 √(97 / 4,000) = ±.31
    const spend: Cell = (i) => (i % 100 === 0 ? 1.5 : 0) + (i < 2 ? 0.01 : 0);
    expect(few({ age, spend }, 10_000, { tasks: ['spend'] })[0]).toContain('the 95% interval of its RMSE is ±31%');
  });

  it('counts the events of a survival task', () => {
    const tenure: Cell = (i) => 1 + Number(x(i));
    expect(few({ age, tenure, churned: tenth }, 1000)[0]).toContain(
      '`tenure`: about 10 rows with yes are for the test',
    );
  });
});

describe('a few numbers that are far from the others', () => {
  const outliers = (cell: Cell, name = 'wind') => {
    const { dataset, warnings } = describeCsv(csv({ [name]: cell, age, label }, 1000));
    return { feature: dataset.features[name], asked: warnings.filter(({ kind }) => kind === 'outliers') };
  };

  it('may be errors, and make no logarithm', () => {
    const { feature, asked } = outliers((i) => (i === 500 ? 4062 : (i * 37) % 101));
    expect(feature).toBe('numeric');
    expect(asked.map(({ message }) => message)).toEqual([
      '`wind`: 4062 is far from the other numbers (0 to 100). If it is an error, write "valid": [0,100] for the column in `cells`.',
    ]);
    expect(asked[0]!.remedy).toEqual({ describe: { cells: { wind: { valid: [0, 100] } } } });
    expect(outliers((i) => (i % 500 === 7 ? -900 - i : (i * 37) % 101)).asked[0]!.evidence).toEqual({
      ...{ count: 2, valid: [0, 100] },
    });
  });

  it('make no logarithm of a distribution that has no long tail without them', () => {
    const peak: Cell = (i) => (i % 20 === 0 ? 35 + ((i * 37) % 31) : 48 + (i % 5));
    expect(outliers((i) => (i === 501 ? 94 : peak(i)))).toEqual({ feature: 'numeric', asked: [] });
  });

  it('are no errors at the end of a long tail', () => {
    const { feature, asked } = outliers((i) => Math.round(100 * (-Math.log(1 - ((i * 0.6180339887) % 1))) ** 4));
    expect([feature, asked]).toEqual([{ kind: 'numeric', log: true }, []]);
    expect(outliers((i) => (i * 37) % 101).asked).toEqual([]);
  });
});
