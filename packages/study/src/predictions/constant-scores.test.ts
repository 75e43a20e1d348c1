import { binary, multiclass, regression } from '@polytask/core';
import { multiLabel, survival } from '@polytask/core/tasks';
import { expect, test } from 'vitest';
import { constantScores } from './tested-scores.ts';

const part = (labels: readonly number[], weights = labels.map(() => 1)) => ({
  byTask: {
    task: {
      rows: Uint32Array.from(labels, (_, row) => row),
      labels: Float64Array.from(labels),
      weights: Float64Array.from(weights),
      predictions: new Float64Array(0), // not read
    },
  },
  groups: undefined,
});
const close = (value: number) => expect.closeTo(value, 12) as number;

test('the base rate: an AUC of .5, an NE of 1, and the share of the more frequent class', () => {
  const scores = constantScores({ task: binary() }, { task: ['auc', 'ne', 'accuracy'] }, part([0, 0, 0, 1]));
  expect(scores).toEqual({ task: { auc: 0.5, ne: close(1), accuracy: 0.75 } });
});

test('the class shares: the most frequent class, and their entropy', () => {
  const task = multiclass({ classes: ['a', 'b', 'c'] });
  const entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
  expect(constantScores({ task }, { task: ['accuracy', 'logLoss'] }, part([1, 1, 1, 0]))).toEqual({
    task: { accuracy: 0.75, logLoss: expect.closeTo(entropy, 6) as number },
  });
});

test('the shares of several labels: an AUC of .5, and the mean of their entropies', () => {
  const task = multiLabel({ labels: ['a', 'b'] });
  const entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
  const metrics = ['auc', 'logLoss', 'ne'];
  expect(constantScores({ task }, { task: metrics }, part([0b11, 0b10, 0b10, 0b00]))).toEqual({
    task: { auc: 0.5, logLoss: close(entropy), ne: close(1) },
  });
});

test('the life table: a C-index of .5', () => {
  const task = survival({ cuts: [5, 10] });
  expect(constantScores({ task }, { task: ['c-index'] }, part([3, 8, -9, 30]))).toEqual({
    task: { 'c-index': 0.5 },
  });
});

test("the mean: the labels' deviation, by sample weight", () => {
  const scores = (weights?: number[]) =>
    constantScores({ task: regression() }, { task: ['rmse'] }, part([2, 8], weights));
  expect(scores()).toEqual({ task: { rmse: 3 } });
  expect(scores([2, 1])).toEqual({ task: { rmse: close(Math.sqrt((2 * 4 + 16) / 3)) } }); // mean 4
});

test('with log, each metric has the constant that suits it', () => {
  const labels = [0, 0, 0, Math.E ** 4 - 1]; // logarithms 0, 0, 0, 4: mean 1, deviation √3
  const { task } = constantScores({ task: regression({ log: true }) }, { task: ['rmsle', 'rmse'] }, part(labels));
  expect(task).toEqual({ rmsle: close(Math.sqrt(3)), rmse: close(((Math.E ** 4 - 1) * Math.sqrt(3)) / 4) });
});

test('rows without labels have no constant', () => {
  expect(constantScores({ task: regression() }, { task: ['rmse'] }, part([]))).toEqual({ task: { rmse: NaN } });
});
