import { binary } from '@polytask/core';
import { categorical, fromColumns, numeric } from '@polytask/data';
import { expect, test } from 'vitest';
import { halvedPerSeed } from './data-suites.ts';

const declaration = { features: { x: numeric(), tab: categorical() }, tasks: { click: binary() } };
const rowsFrom = (first: number, size: number) => {
  const x = Array.from({ length: size }, (_, row) => first + row);
  return fromColumns({ x, tab: x.map((value) => `t${value % 3}`), click: x.map((value) => value % 2) }, declaration);
};

test('a seed halves the test file; what is fitted comes from the training file alone, for each seed', () => {
  const { trial } = halvedPerSeed(rowsFrom(0, 20), rowsFrom(100, 31));
  const xs = (seed: number) => {
    const { validation, test: tested } = trial(seed).raw!();
    return [validation, tested].map(({ columns }) => [...columns.numbers['x']!]);
  };
  const [held, kept] = xs(1);
  expect([held!.length, kept!.length]).toEqual([16, 15]);
  expect([...held!, ...kept!].sort((a, b) => a - b)).toEqual(Array.from({ length: 31 }, (_, row) => 100 + row));
  expect(xs(2)).not.toEqual(xs(1));
  const { train, validation, test: tested } = trial(1);
  expect(trial(2).train).toBe(train);
  expect([train.size, validation.size, tested().size]).toEqual([20, 16, 15]);
  expect(train.schema.features['x']).toMatchObject({ mean: 9.5 });
  expect([validation.schema, tested().schema]).toEqual([train.schema, train.schema]);
});
