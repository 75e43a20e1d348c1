import { binary, multiclass, predictionTypeOf, regression } from '@polytask/core';
import { count, quantiles } from '@polytask/core/tasks';
import { expect, test } from 'vitest';
import {
  divergenceGuard,
  failureWarning,
  fitGuards,
  hasTotal,
  predictionGuards,
  scoreGuards,
  totalGuard,
} from './guards.ts';

test('a constant prediction is found, rounding apart; one that varies is not', () => {
  expect(predictionGuards({ click: [0.25, 0.25 + 1e-8, 0.25], like: [0.1, 0.2, 0.3] })).toEqual([
    {
      guard: 'constant predictions',
      task: 'click',
      message: 'Task click is predicted to be 0.250 for every test row.',
    },
  ]);
  expect(predictionGuards({ click: [0.25, 0.2501] })).toEqual([]);
});

test('two tasks with the same predictions are found, each pair once; constants are not counted again', () => {
  const [a, b] = [
    [0.1, 0.2],
    [0.1, 0.3],
  ];
  expect(predictionGuards({ a, b })).toEqual([]);
  expect(predictionGuards({ a, b, c: a, d: [0.1, 0.2, 0.3] }).map(({ message }) => message)).toEqual([
    'Tasks a and c have the same prediction for every test row.',
  ]);
  expect(predictionGuards({ a: [1, 1], b: [1, 1] }).map(({ guard }) => guard)).toEqual([
    'constant predictions',
    'constant predictions',
  ]);
});

test('a loss that rises is a divergence, one that falls or stands alone is not', () => {
  expect(divergenceGuard([1, 0.5, 0.6])).toEqual([]);
  expect(divergenceGuard([3])).toEqual([]);
  expect(divergenceGuard([1, 0.5, 2])).toEqual([
    { guard: 'diverged', message: 'The training loss went up, from 1.00 to 2.00.' },
  ]);
  expect(failureWarning(new Error('Task "a" has the output NaN: the model has diverged.')).guard).toBe('diverged');
  expect(failureWarning(new Error('no such file')).guard).toBe('failed');
});

test('what fit warns of is told, but for what is measured on the test rows', () => {
  expect(
    fitGuards([
      { kind: 'still-improving', message: 'Still improving.' },
      { kind: 'worse-than-constant', task: 'click', message: 'Worse.' },
      { kind: 'undefined-score', task: 'like', message: 'One class.' },
      { kind: 'weight-died', task: 'hours', message: 'Hardly trained.' },
    ]),
  ).toEqual([
    { guard: 'still improving', message: 'Still improving.' },
    { guard: 'one class', task: 'like', message: 'One class.' },
    { guard: 'dead weight', task: 'hours', message: 'Hardly trained.' },
  ]);
});

const TYPES = {
  binary: predictionTypeOf(binary()),
  multiclass: predictionTypeOf(multiclass({ classes: ['a', 'b'] })),
  regression: predictionTypeOf(regression()),
};

test('a task that a constant predicts as well is found, in the words of its kind', () => {
  const of = (kind: keyof typeof TYPES, normalizedLoss?: number) =>
    scoreGuards([{ task: 'a', type: TYPES[kind], labels: [0, 1], normalizedLoss }]).map(({ message }) => message);
  expect(of('binary', 1.034)).toEqual(['Task a: worse than predicting the base rate (NE 1.03).']);
  expect(of('multiclass', 1)).toEqual([
    'Task a: worse than predicting the class shares (log loss 1.00 times their entropy).',
  ]);
  expect(of('regression', 1.05)).toEqual(['Task a: worse than predicting the mean (RMSE 1.05 times the deviation).']);
  for (const error of [0.999, NaN, undefined]) expect(of('binary', error)).toEqual([]);
});

test('numbers that are predicted nearly without error are asked about, classes are not', () => {
  const of = (kind: keyof typeof TYPES, normalizedLoss?: number) =>
    scoreGuards([{ task: 'cost', type: TYPES[kind], labels: [0, 1], normalizedLoss }]);
  expect(of('regression', 0.0123)).toEqual([
    {
      guard: 'nearly perfect',
      task: 'cost',
      message:
        'Task cost: nearly no error (RMSE 0.012 times the deviation). Is this a leak? ' +
        'Look for features that are known only with the label.',
    },
  ]);
  for (const error of [0.05, 0.5, NaN, undefined]) expect(of('regression', error)).toEqual([]);
  expect(of('binary', 0.01)).toEqual([]);
});

test('a binary task whose test labels are all the same has no AUC; other kinds need no two classes', () => {
  const of = (kind: keyof typeof TYPES, labels: number[]) =>
    scoreGuards([{ task: 'a', type: TYPES[kind], labels, normalizedLoss: undefined }]);
  expect(of('binary', [1, 1, 1])).toEqual([
    {
      guard: 'one class',
      task: 'a',
      message: "The test rows have only one class of task a: its AUC and NE aren't defined.",
    },
  ]);
  expect(of('binary', [])[0]!.message).toBe("The test rows have no label of task a: its AUC and NE aren't defined.");
  expect(of('binary', [1, 1, 0])).toEqual([]);
  expect(of('regression', [1, 1])).toEqual([]);
});

test('a total that is far from that of the labels is found, with what to do; one within the error of the rows is not', () => {
  const labels = Float64Array.from({ length: 900 }, (_, row) => (row % 3 === 0 ? 6 : 0)); // mean 2, deviation 2.83
  const found = (task: Parameters<typeof totalGuard>[1], factor: number, weights = labels.map(() => 1)) =>
    totalGuard(
      'spend',
      task,
      { labels, predictions: labels.map(() => 2 * factor), weights, rows: new Uint32Array(900) },
      'the rows',
    );
  const error = Math.sqrt(8 / 900); // 0.0943
  expect(found(regression({ log: true }), 0.1)).toEqual([
    {
      guard: 'biased total',
      task: 'spend',
      message:
        `Task spend: the mean prediction on the rows is 0.200, the mean label 2.00, more than chance explains (standard error ${error.toPrecision(2)}). ` +
        'It is trained on logarithms, so that totals are too low: for totals, declare it as "count", or as "amount" if many labels are 0.',
    },
  ]);
  expect(found(count(), 1.5)[0]!.message).toContain('Train longer, or look whether these rows are unlike');
  expect(found(count(), 1 + (2.9 * error) / 2)).toEqual([]);
  expect(found(count(), 1 + (3.1 * error) / 2)).toHaveLength(1);
  const rare = labels.map((label, row) => (label > 0 && row > 0 ? 1e-9 : 1)); // as good as no row with a label above 0
  expect(found(count(), 1.5, rare)[0]!.message).toMatch(/the mean label 0\.00998/);
  expect([regression(), count(), binary(), quantiles()].map(hasTotal)).toEqual([true, true, false, false]);
});
