import { expect, test } from 'vitest';
import { trialOf } from '../testing/trial-of.ts';
import { balancingTable } from './balancing-tables.ts';

test('a row an epoch: weights, cosine, ratio and conflicts', () => {
  const gradients = { cosine: -0.25, magnitudeRatio: 3, conflicts: 0.5 };
  expect(
    balancingTable(
      trialOf({ balancing: [{ weights: { click: 1.5, like: 2 }, gradients }, { weights: { click: 1, like: 1 } }] }),
    ),
  ).toEqual({
    head: ['epoch', 'weight of click', 'weight of like', 'cosine', 'longest / shortest', 'conflicts'],
    rows: [
      ['1', '1.50', '2.00', '-0.250', '3.00', '50%'],
      ['2', '1.00', '1.00', '–', '–', '–'],
    ],
  });
});

test('weights alone, gradients alone, or nothing', () => {
  expect(balancingTable(trialOf({ balancing: [{ weights: { click: 1 } }] }))!.head).toEqual([
    'epoch',
    'weight of click',
  ]);
  expect(
    balancingTable(trialOf({ balancing: [{ gradients: { cosine: 0.1, magnitudeRatio: 1, conflicts: 0 } }] }))!.head,
  ).toEqual(['epoch', 'cosine', 'longest / shortest', 'conflicts']);
  expect(balancingTable(trialOf())).toBeUndefined();
});
