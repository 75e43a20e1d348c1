import { expect, test } from 'vitest';
import { metricEntries, models } from '@polytask/study';
import { catalog } from './catalog.ts';

test.each(catalog.map((row) => [row.name, row] as const))('%s have unique names and a description each', (_, row) => {
  const entries = row.entries();
  expect(entries.length).toBeGreaterThan(1);
  expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
  expect(entries.filter(({ description }) => description === '')).toEqual([]);
});

test('polytask score takes every metric of the list, but those that are marked', () => {
  const [metrics] = catalog.filter(({ name }) => name === 'metrics').map((row) => row.entries());
  const marked = metrics!.filter(({ description }) => description.includes('in a program only'));
  expect(marked.map(({ name }) => name)).toEqual(['calibration', 'ndcg@10']);
  const taken = new Set(metricEntries().map(({ name }) => name));
  expect(metrics!.filter((metric) => !taken.has(metric.name))).toEqual(marked);
});

test('the names are those that a user can ask for', () => {
  const names = Object.fromEntries(catalog.map((row) => [row.name, row.entries().map(({ name }) => name)]));
  const compared = [
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
  ];
  expect(names.models!.slice(0, compared.length)).toEqual(compared); // then those that are trained when they are named
  expect(names.models).toEqual(models().map(({ name }) => name));
  expect(names.models).toEqual(expect.arrayContaining(['omoe', 'stem', 'self-auxiliaries']));
  expect(names.metrics).toEqual(expect.arrayContaining(['auc', 'ne', 'rmse', 'logLoss']));
  expect(names.experts).toEqual(expect.arrayContaining(['linear', 'mlp', 'tf-layer']));
  expect(names.gates).toEqual(expect.arrayContaining(['softmax', 'constant', 'identity']));
  expect(names.balancers).toEqual(expect.arrayContaining(['equal', 'pcgrad', 'mgda@representation', 'graddrop']));
  expect(names.suites).toEqual(
    expect.arrayContaining(['synthetic', 'census-income', 'kuairand-pure', 'paper-table-5', 'synthetic-correlation']),
  );
});
