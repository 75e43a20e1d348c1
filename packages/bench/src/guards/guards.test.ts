import { expect, test } from 'vitest';
import { divergenceGuard, failureWarning } from './divergence-guard.ts';
import { predictionGuards } from './prediction-guards.ts';

test('a constant prediction is found, rounding apart; one that varies is not', () => {
  expect(predictionGuards({ click: [0.25, 0.25 + 1e-8, 0.25], like: [0.1, 0.2, 0.3] })).toEqual([
    { guard: 'constant predictions', message: 'Task click is predicted to be 0.250 for every test row.' },
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
