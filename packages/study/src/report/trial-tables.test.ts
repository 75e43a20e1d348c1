import { expect, test } from 'vitest';
import { trialOf } from '../testing/trial-of.ts';
import { fusionTables, levelNames } from './trial-tables.ts';

/** The lines of the first level's table. */
const linesOf = (trial: Parameters<typeof fusionTables>[0]) => {
  const [{ columns, rows }] = fusionTables(trial) as [ReturnType<typeof fusionTables>[number]];
  return [columns.map(({ title }) => title), ...rows.map((row) => row.map(({ text }) => text))].map((cells) =>
    cells.join(' | '),
  );
};

test('a table a level: gated mean and deviation, and the constant part', () => {
  const fusion = [
    {
      outputs: ['a', 'b'],
      experts: ['a.0', 'shared.0'],
      gated: [
        [0.25, 0.75],
        [0, 1],
      ],
      gatedDeviation: [
        [0.1, 0.1],
        [0, 0.05],
      ],
      constant: [
        [0.5, 0],
        [0, -0.25],
      ],
    },
  ];
  expect(linesOf(trialOf({ model: 'adatt', fusion }))).toEqual([
    'task | a.0 | shared.0',
    'a | 0.25 ±0.10 + 0.50 | 0.75 ±0.10',
    'b |  | 1.00 ±0.05 − 0.25',
  ]);
});

test('how many experts a lane has in effect, of those that it takes from, and the entropy', () => {
  const level = {
    outputs: ['a', 'b'],
    experts: ['a.0', 'b.0', 'c.0'],
    gated: [
      [0.5, 0.5, 0],
      [0.2, 0.3, 0.5],
    ],
    gatedDeviation: [
      [0, 0, 0],
      [0, 0, 0],
    ],
    constant: [
      [0, 0, 0],
      [0, 0, 0],
    ],
  };
  const fusion = [{ ...level, entropy: [0.69315, NaN], effectiveExperts: [2, NaN] }];
  expect(linesOf(trialOf({ fusion }))).toEqual([
    'task | a.0 | b.0 | c.0 | effective experts | entropy',
    'a | 0.50 ±0.00 | 0.50 ±0.00 |  | 2.0 of 2 | 0.69',
    'b | 0.20 ±0.00 | 0.30 ±0.00 | 0.50 ±0.00 | – | –',
  ]);
});

test('a model without fusion levels has none', () => {
  expect(fusionTables(trialOf())).toEqual([]);
});

test('the levels of an ensemble are named by member, and counted within it', () => {
  const levels = ['1.income', '1.income', '2.income'].map((lane) => ({
    ...{ outputs: [lane], experts: ['a'], gated: [[0]], gatedDeviation: [[0]], constant: [[1]] },
  }));
  expect(levelNames(levels, ['gradient-boosting', 'mmoe', 'ple'])).toEqual([
    'member 1 (mmoe), level 1',
    'member 1 (mmoe), level 2',
    'member 2 (ple), level 1',
  ]);
  expect(levelNames(levels)).toEqual(['level 1', 'level 2', 'level 3']);
});
