import { binary, multiclass, regression, type Task } from '@polytask/core';
import { count, quantiles } from '@polytask/core/tasks';
import { expect, test } from 'vitest';
import { judgeTask } from './judge.ts';

/** 900 rows with the mean 2 and the deviation 2.83. */
const labels = Float64Array.from({ length: 900 }, (_, row) => (row % 3 === 0 ? 6 : 0));
const ones = labels.map(() => 1);
const rows = new Uint32Array(900);

/** Judges predictions that hardly vary, in a task with this normalized loss. */
const found = (task: Task, normalizedLoss: number, mean = 2, weights = ones, family?: 'gradients' | 'trees') => {
  const predictions = labels.map((_, row) => mean + (row % 2 ? 0.01 : -0.01));
  return judgeTask(
    'a',
    task,
    undefined,
    { predicted: { labels, predictions, weights, rows }, normalizedLoss },
    { family },
  );
};
const messages = (...given: Parameters<typeof found>) => found(...given).map(({ message }) => message);

test('a task that a constant predicts as well is found, in the words of its kind', () => {
  const classes = multiclass({ classes: ['a', 'b'] });
  const good = judgeTask('a', classes, undefined, {
    predicted: { labels: Float64Array.of(0, 1), predictions: Float64Array.of(0.4, 0.6, 0.5, 0.5), weights: ones, rows },
    normalizedLoss: 1,
  });
  expect(good[0]!.message).toBe(
    'Task a: no better than predicting the class shares (log loss 1.00 times their entropy).',
  );
  expect(messages(regression(), 1.05)).toEqual([
    'Task a: worse than predicting the mean (RMSE 1.05 times the deviation).',
  ]);
  expect(messages(regression({ log: true }), 1.05)[0]).toBe(
    'Task a: worse than predicting the mean logarithm (RMSLE 1.05 times the deviation of the logarithms).',
  );
  for (const normalizedLoss of [0.999, NaN]) expect(found(regression(), normalizedLoss)).toEqual([]);
});

test('numbers that are predicted nearly without error are asked about, classes are not', () => {
  expect(found(regression(), 0.0123)).toEqual([
    {
      ...{ kind: 'nearly-perfect', severity: 'warning', about: { task: 'a' }, evidence: { normalizedLoss: 0.0123 } },
      message:
        'Task a: nearly no error (RMSE 0.012 times the deviation). Is this a leak? ' +
        'Look for features that are known only with the label.',
    },
  ]);
  expect(found(regression(), 0.05)).toEqual([]);
  expect(found(binary(), 0.01, 0.5).filter(({ kind }) => kind === 'nearly-perfect')).toEqual([]);
});

test('a total that is far from that of the labels is found, with what to do; one within the error of the rows is not', () => {
  const error = Math.sqrt(8 / 900); // 0.0943
  expect(found(regression({ log: true }), 0.9, 0.2, ones, 'gradients')).toMatchObject([
    {
      ...{ kind: 'biased-total', about: { task: 'a' }, evidence: { actual: 2, better: 'amount' } },
      remedy: { dataset: { tasks: { a: { kind: 'amount' } } } },
      message:
        'Task a: the mean prediction is 0.200, the mean label 2.00, a significant difference. It is trained on logarithms, so that totals are ' +
        'too low: for totals, declare it as "amount": `{ "tasks": { "a": { "kind": "amount" } } }`.',
    },
  ]);
  expect(found(regression({ log: true }), 0.9, 0.2, ones, 'trees')).toMatchObject([{ evidence: { better: 'count' } }]);
  expect(messages(regression({ log: true }), 0.9, 3, ones, 'trees')[0]).toContain('Allow more trees'); // no logarithm makes it too high
  expect(messages(count(), 0.9, 3, ones, 'gradients')[0]).toContain(
    'Train longer, or look whether these rows are unlike',
  );
  expect(messages(count(), 0.9, 3, ones, 'trees')[0]).toContain('Allow more trees (numIterations), or look');
  expect(messages(count(), 0.9, 3)[0]).toMatch(/a significant difference\.$/); // who trains it isn't known
  expect(found(count(), 0.9, 2 + 2.9 * error)).toEqual([]);
  expect(found(count(), 0.9, 2 + 3.1 * error)).toHaveLength(1);
  const rare = labels.map((label, row) => (label > 0 && row > 0 ? 1e-9 : 1)); // as good as no row with a label above 0
  expect(messages(count(), 0.9, 3, rare)[0]).toMatch(/the mean label 0\.00998/);
  expect(found(quantiles({ levels: [0.5] }), 0.9, 9)).toEqual([]); // they have no total
});
