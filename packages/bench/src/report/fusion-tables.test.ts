import { expect, test } from 'vitest';
import { trialOf } from '../testing/trial-of.ts';
import { fusionTables } from './fusion-tables.ts';

test('a table a level: gated mean and deviation, and the constant part', () => {
  const fusion = [
    {
      outputs: ['a', 'b'],
      experts: ['a.0', 'shared.0'],
      gated: [[0.25, 0.75], [0, 1]],
      gatedDeviation: [[0.1, 0.1], [0, 0.05]],
      constant: [[0.5, 0], [0, -0.25]],
    },
  ];
  expect(fusionTables(trialOf({ model: 'adatt', fusion }))).toBe(
    [
      '### adatt',
      '',
      'Level 1',
      '',
      '| lane | a.0 | shared.0 |',
      '| --- | ---: | ---: |',
      '| a | 0.25 ±0.10 + 0.50 | 0.75 ±0.10 |',
      '| b |  | 1.00 ±0.05 − 0.25 |',
    ].join('\n'),
  );
});

test('a model without fusion levels has none', () => {
  expect(fusionTables(trialOf())).toBe('');
});
