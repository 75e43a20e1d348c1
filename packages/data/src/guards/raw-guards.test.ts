import { binary, labelsOf, randomStream, type Tasks } from '@polytask/core';
import { survival } from '@polytask/core/tasks';
import { describe, expect, it } from 'vitest';
import { categorical, numeric, type FeatureDeclaration } from '../declarations/kinds.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { fromRows } from '../table/from-rows.ts';
import { inspect } from './inspect.ts';
import { outliers } from './outliers.ts';
import { countedAsNo, positiveSpellings } from './positive-spellings.ts';

describe('positiveSpellings', () => {
  const table = (labels: readonly (string | number | null)[], task = binary({ positive: '>50K' })) =>
    fromRows(
      labels.map((income, x) => ({ x, income })),
      { features: { x: numeric() }, tasks: { income: task } as Tasks },
    );
  const train = table(['<=50K', '>50K', '<=50K']);
  const found = (labels: readonly (string | number | null)[], task?: ReturnType<typeof binary>) =>
    positiveSpellings(['test', table(labels, task)], train);

  it('names the part, its values, and the list that reads both', () => {
    expect(found(['<=50K.', '>50K.', null, '<=50K.'])).toEqual([
      {
        ...{
          kind: 'positive-spelling',
          severity: 'warning',
          about: { task: 'income', column: 'income', part: 'test' },
        },
        evidence: { values: ['>50K.', '<=50K.'], positive: ['>50K'], alike: ['>50K.'], none: true },
        message:
          'No test row is yes for task "income": column "income" has ">50K.", "<=50K." there, which no training row has. ' +
          'Declare all values that mean yes: `{ "tasks": { "income": { "positive": [ ">50K", ">50K." ] } } }`.',
        remedy: { dataset: { tasks: { income: { positive: ['>50K', '>50K.'] } } } },
      },
    ]);
    expect(found(['<=50K.', '>50K.'], binary({ positive: ['>50K', '>50K.'] }))).toEqual([]);
  });

  it('sees a second spelling beside the right one', () => {
    expect(found(['>50K', ' > 50k', '<=50K'])).toMatchObject([
      { evidence: { alike: [' > 50k'] }, message: expect.stringMatching(/^Some test rows count as no/) as string },
    ]);
  });

  it('only asks where values are new, but not alike', () => {
    expect(found(['rich', 'poor'])).toMatchObject([
      {
        evidence: { alike: [], values: ['rich', 'poor'] },
        message: expect.stringContaining('If one of them means yes, add it: positive: [">50K", …].') as string,
      },
    ]);
    expect(found(['poor', '>50K'])).toEqual([]);
  });

  it('is no matter where a part just has no positive row, or the task has no positive value', () => {
    expect(found(['<=50K', '<=50K', null])).toEqual([]);
    const numbers = fromRows([{ x: 1, y: 0 }], { features: { x: numeric() }, tasks: { y: binary() } });
    expect(positiveSpellings(['test', numbers], numbers)).toEqual([]);
    const unlabeled = fromRows([{ x: 1 }], { features: { x: numeric() }, tasks: {} });
    expect(positiveSpellings(['test', unlabeled], train)).toEqual([]);
  });

  it('without training rows finds the spelling of a positive value, and words for yes', () => {
    const kinds = (labels: readonly (string | number | null)[], task?: ReturnType<typeof binary>) =>
      positiveSpellings(['test', table(labels, task)]).map(({ message }) => message);
    expect(kinds(['>50K', '<=50K', '-', null])).toEqual([]);
    expect(kinds(['<=50K', '> 50k.', 1])).toEqual([
      'Column "income" has "> 50k.", "1", which counts as no for task "income": yes is ">50K" there. Spell it so.',
    ]);
    expect(kinds(['1', 'true'], binary({ positive: 2 }))).toEqual([]);
    expect(kinds(['1', 'true'], binary())).toEqual([]);
  });

  it.each([
    ['yes', 'ｙｅｓ'],
    ['yes', 'yes\u200b'],
    ['>50K', '> 50K'],
  ])('sees %j beside %j, which looks alike', (positive, variant) => {
    const [warning] = positiveSpellings(['train', table([positive, 'no', variant], binary({ positive }))]);
    expect(warning).toMatchObject({ kind: 'positive-spelling', evidence: { values: [variant] } });
    if (variant.includes('\u200b')) expect(warning!.message).toContain('"yes\\u200b"');
  });

  it('compares numbers as numbers: pandas writes 1.0 where a label is missing', () => {
    const labels = table(['1.0', '0.0', '01', null], binary({ positive: '1' }));
    const { arrays } = encode(labels, fitSchema(labels));
    expect([...labelsOf(arrays, 'income').labels].slice(0, 3)).toEqual([1, 0, 1]);
    expect(positiveSpellings(['test', labels])).toEqual([]);
  });

  it('lists several values that count as no', () => {
    expect(countedAsNo(table(['1', '0', 'unknown', '1.0'], binary({ positive: '1' })))).toMatchObject([
      {
        ...{ kind: 'counted-as-no', about: { task: 'income' }, evidence: { values: ['0', 'unknown'] } },
        message: expect.stringContaining('2 values of column "income" count as no, "0", "unknown".') as string,
      },
    ]);
    expect(countedAsNo(train)).toEqual([]);
    expect(countedAsNo(table(['1', '0', '0.0'], binary({ positive: '1' })))).toEqual([]);
  });

  it('looks at the event of a time', () => {
    const times = fromRows(
      [
        { x: 1, days: 2, end: 'dead' },
        { x: 2, days: 3, end: ' Dead' },
      ],
      {
        features: { x: numeric() },
        tasks: { days: survival({ event: 'end', positive: 'dead' }) },
      },
    );
    expect(positiveSpellings(['train', times])).toMatchObject([
      { about: { task: 'days' }, evidence: { values: [' Dead'] } },
    ]);
  });

  it('looks at the rows of a part, not at all that its file has', () => {
    const whole = table(['<=50K.', '>50K.', '>50K']);
    expect(positiveSpellings(['test', whole.subset([2])], train)).toEqual([]);
    expect(positiveSpellings(['test', whole.subset([0, 1])], train.subset([0, 1]))).toHaveLength(1);
    expect(positiveSpellings(['test', whole.subset([1])], whole)).toHaveLength(0);
  });
});

describe('outliers', () => {
  const ROWS = 200;
  const noise = randomStream(1, 'noise').normal(ROWS);
  const tableOf = (values: readonly (number | null)[], x: FeatureDeclaration = numeric()) =>
    fromRows(
      values.map((value, i) => ({ x: value, state: 'a', y: i % 2 })),
      { features: { x, state: categorical() }, tasks: { y: binary() } },
    );
  const usual = Array.from(noise, (z) => 40 + 12 * z);
  const withOne = (value: number) => usual.map((each, i) => (i === 17 ? value : each));

  it('tells of a row that holds more than 99% of the variance, by its share', () => {
    const share = (value: number) => {
      const all = withOne(value);
      const mean = all.reduce((a, b) => a + b) / ROWS;
      const others = usual.filter((_, i) => i !== 17);
      const othersMean = others.reduce((a, b) => a + b) / (ROWS - 1);
      const squares = (list: number[], m: number) => list.reduce((sum, each) => sum + (each - m) ** 2, 0);
      return 1 - squares(others, othersMean) / squares(all, mean);
    };
    const [warning, ...more] = outliers(tableOf(withOne(9000)));
    expect(more).toEqual([]);
    expect(warning).toMatchObject({ kind: 'outlier', about: { column: 'x' }, evidence: { row: 17 } });
    expect(warning!.evidence['share']).toBeCloseTo(share(9000), 10);
    // the share is d² / (n + d²), d being the distance in deviations of the n other rows: .99 at d = √(99 n)
    const border = 40 + 12 * Math.sqrt((0.99 / 0.01) * ROWS);
    expect(share(border * 0.8) < 0.99 && share(border * 1.2) > 0.99).toBe(true);
    expect(outliers(tableOf(withOne(border * 0.8)))).toEqual([]);
    expect(outliers(tableOf(withOne(border * 1.2)))).toHaveLength(1);
  });

  it('says where it is, and finds the least as well as the greatest', () => {
    expect(outliers(tableOf(withOne(-1e9)))[0]!.message).toBe(
      'One training row (-1000000000 in row 17) holds more than 99.99% of the variance of feature "x": the other ' +
        'rows are nearly one number to the model. Correct it, or declare the logarithm: `{ "features": { "x": { "kind": "numeric", "log": true } } }`.',
    );
  });

  it('finds one that leaves no digit of the others in 32 bits, by the raw rows', () => {
    const table = tableOf(withOne(1e140));
    const encoded = encode(table, fitSchema(table));
    expect(new Set(encoded.arrays.numeric).size).toBe(2);
    expect(outliers(table)).toHaveLength(1);
    expect(outliers(encoded)).toEqual([]); // nothing of the others is left to be seen
  });

  it('is no matter for a feature that is one number but for one row, is missing, or has few rows', () => {
    expect(outliers(tableOf(usual.map((_, i) => Number(i === 17))))).toEqual([]);
    expect(outliers(tableOf(usual.map((_, i) => (i === 17 ? 1 : null))))).toEqual([]);
    expect(outliers(tableOf([1, 2, 3, 1e9]))).toEqual([]);
  });

  it('looks at numbers as they are scaled', () => {
    expect(outliers(tableOf(withOne(1e9), numeric({ log: true })))).toEqual([]);
    expect(outliers(tableOf(withOne(1e9), numeric({ standardize: false })))).toEqual([]);
  });

  it('is part of inspect, from encoded rows or from raw ones', () => {
    const table = tableOf(withOne(9000));
    const encoded = encode(table, fitSchema(table));
    const none = { validation: encoded.subset([]), test: encoded.subset([]) };
    const raw = { train: table, validation: table.subset([]), test: table.subset([]) };
    const messages = [inspect({ train: encoded, ...none }), inspect({ train: encoded, ...none }, raw)].map((all) =>
      all.filter(({ kind }) => kind === 'outlier').map(({ message }) => message.slice(0, 33)),
    );
    expect(messages).toEqual([['One training row (number 17) hold'], ['One training row (9000 in row 17)']]);
  });
});
