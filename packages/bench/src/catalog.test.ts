import { expect, test } from 'vitest';
import { catalog } from './catalog.ts';

test.each(catalog.map((row) => [row.name, row] as const))('%s have unique names and a description each', (_, row) => {
  const entries = row.entries();
  expect(entries.length).toBeGreaterThan(1);
  expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
  expect(entries.filter(({ description }) => description === '')).toEqual([]);
});

test('the names are those that a user can ask for', () => {
  const names = Object.fromEntries(catalog.map((row) => [row.name, row.entries().map(({ name }) => name)]));
  expect(names.models).toEqual([
    ...[
      'logistic-regression',
      'single-task',
      'shared-bottom',
      'cross-stitch',
      'mmoe',
      'ml-mmoe',
      'cgc',
      'ple',
      'adatt-sp',
      'adatt',
    ],
    ...[
      'omoe',
      'sluice',
      'mtan',
      'snr-aver',
      'snr-trans',
      'soft-ordering',
      'ada-share',
      'uber-net',
      'pepnet',
      'stem',
      'home',
      'esmm',
      'aitm',
      'branched',
      'learned-branching',
      'relationship-network',
      'self-auxiliaries',
    ],
  ]);
  expect(names.experts).toEqual(expect.arrayContaining(['linear', 'mlp', 'tf-layer']));
  expect(names.gates).toEqual(expect.arrayContaining(['softmax', 'constant', 'identity']));
  expect(names.balancers).toEqual(expect.arrayContaining(['equal', 'pcgrad', 'mgda@representation', 'graddrop']));
  expect(names.suites).toEqual(
    expect.arrayContaining(['synthetic', 'census-income', 'kuairand-pure', 'paper-table-5', 'synthetic-correlation']),
  );
});
