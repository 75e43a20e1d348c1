import { expect, test } from 'vitest';
import { trialOf } from '../testing/trial-of.ts';
import { fusionTables } from './trial-tables.ts';

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
