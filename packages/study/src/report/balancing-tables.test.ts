import { expect, test } from 'vitest';
import { trialOf } from '../testing/trial-of.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { balancingTable } from './trial-tables.ts';
import { textTable } from './blocks.ts';

test('a row an epoch: weights, cosine, ratio and conflicts', () => {
  const gradients = { cosine: -0.25, magnitudeRatio: 3, conflicts: 0.5 };
  expect(
    balancingTable(
      trialOf({ balancing: [{ weights: { click: 1.5, like: 2 }, gradients }, { weights: { click: 1, like: 1 } }] }),
    ),
  ).toEqual(
    textTable(
      ['epoch', 'weight of click', 'weight of like', 'cosine', 'longest / shortest', 'conflicts'],
      [
        ['1', '1.50', '2.00', '-0.250', '3.00', '50%'],
        ['2', '1.00', '1.00', '–', '–', '–'],
      ],
    ),
  );
});

const titlesOf = (epoch: NonNullable<TrialResult['balancing']>[number]) =>
  balancingTable(trialOf({ balancing: [epoch] }))!.columns.map(({ title }) => title);

test('weights alone, gradients alone, or nothing', () => {
  expect(titlesOf({ weights: { click: 1 } })).toEqual(['epoch', 'weight of click']);
  const gradients = { cosine: 0.1, magnitudeRatio: 1, conflicts: 0 };
  expect(titlesOf({ gradients })).toEqual(['epoch', 'cosine', 'longest / shortest', 'conflicts']);
  expect(balancingTable(trialOf())).toBeUndefined();
});
