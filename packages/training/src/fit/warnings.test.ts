import { expect, test } from 'vitest';
import { binary, regression } from '@polytask/core';
import type { EpochReport } from '../progress/reports.ts';
import { fitWarnings } from './warnings.ts';

const epoch = (number: number, more: object = {}): EpochReport => ({
  epoch: number,
  loss: 1,
  losses: { income: 0.5 / number, hours: 400 / number },
  auxiliary: {},
  learningRate: 0.1,
  steps: 10,
  seconds: 1,
  validation: { income: { loss: 0.4, normalizedLoss: 0.8 }, hours: { loss: 0.4, normalizedLoss: 0.9 } },
  ...more,
});
const tasks = { income: binary(), hours: regression() };
const found = (history: EpochReport[], options: Partial<Parameters<typeof fitWarnings>[1]> = {}) =>
  fitWarnings(history, { tasks, best: 2, stopped: 'early', epochs: 3, family: 'gradients', ...options });
const kinds = (history: EpochReport[], options: Partial<Parameters<typeof fitWarnings>[1]> = {}) =>
  found(history, options).map(({ kind, about }) => [kind, about.task]);

test('nothing is odd about a training that found its best epoch and ended after it', () => {
  expect(kinds([epoch(1), epoch(2), epoch(3)])).toEqual([]);
  expect(kinds([epoch(1), epoch(2), epoch(3)], { best: undefined, stopped: 'epochs' })).toEqual([]);
});

test('the last epoch that was allowed is the best', () => {
  const history = [epoch(1), epoch(2), epoch(3)];
  expect(kinds(history, { best: 3, stopped: 'epochs' })).toEqual([['still-improving', undefined]]);
  expect(kinds(history, { best: 2, stopped: 'epochs' })).toEqual([]);
});

test('a task is predicted worse than by its mean, in the epoch whose weights are kept', () => {
  const bad = { validation: { income: { loss: 1, normalizedLoss: 1.02 }, hours: { loss: 1, normalizedLoss: 0.5 } } };
  expect(kinds([epoch(1), epoch(2, bad), epoch(3)])).toEqual([['worse-than-constant', 'income']]);
  expect(kinds([epoch(1, bad), epoch(2), epoch(3, bad)])).toEqual([]);
});

test('a task has no scores on the validation rows', () => {
  const none = { validation: { income: { loss: NaN, normalizedLoss: NaN }, hours: { loss: 1, normalizedLoss: 0.5 } } };
  expect(kinds([epoch(1, none)], { best: undefined })).toEqual([['undefined-score', 'income']]);
});

test('a weight has died that makes its loss vanish beside the others, and not one that only fits its unit', () => {
  const weighed = (income: number, hours: number) => [
    epoch(1),
    epoch(2, { balancing: { weights: { income, hours } } }),
  ];
  expect(kinds(weighed(1, 1 / 800))).toEqual([]); // as uncertainty weights have it: 1 / (2 L)
  expect(kinds(weighed(1, 1e-13))).toEqual([['weight-died', 'hours']]);
  expect(kinds(weighed(0, 1))).toEqual([['weight-died', 'income']]);
  const density = epoch(1, { losses: { income: 0.5, hours: -3 } }); // a density's loss is below 0
  expect(kinds([density, epoch(2, { balancing: { weights: { income: 1, hours: 1 } } })])).toEqual([]);
});

test('the training loss of a task is flat, and the validation rows do not say that the task is learned', () => {
  const flat = (normalizedLoss: number) => {
    const validation = { income: { loss: 1, normalizedLoss }, hours: { loss: 1, normalizedLoss: 0.5 } };
    return (number: number) => epoch(number, { losses: { income: 0.69, hours: 400 / number }, validation });
  };
  expect(kinds([1, 2, 3].map(flat(0.995)))).toEqual([['loss-not-falling', 'income']]);
  expect(kinds([1, 2].map(flat(0.995)))).toEqual([]);
  expect(kinds([1, 2, 3].map(flat(0.9)))).toEqual([]); // learned in the first epoch
  const without = (number: number) => epoch(number, { losses: { income: 0.69, hours: NaN }, validation: undefined });
  expect(kinds([1, 2, 3].map(without))).toEqual([['loss-not-falling', 'income']]);
});

test('the training loss of a task explodes, though it comes down again', () => {
  const losses = (income: number) => ({ losses: { income, hours: -2 * income } }); // a density's loss is below 0
  expect(kinds([epoch(1, losses(1)), epoch(2, losses(2.1)), epoch(3, losses(0.5))])).toEqual([
    ['exploding-loss', 'income'],
  ]);
  expect(kinds([epoch(1, losses(1)), epoch(2, losses(1.9)), epoch(3, losses(0.5))])).toEqual([]);
});

test('the messages are those of what was seen, and their advice that of the family', () => {
  const bad = { validation: { income: { loss: 1, normalizedLoss: 1.02 }, hours: { loss: NaN, normalizedLoss: NaN } } };
  const messages = found([epoch(1), epoch(2, bad)], { family: 'trees' }).map(({ message }) => message);
  expect(messages[0]).toMatch(
    /^Task income: worse than predicting the base rate \(NE 1\.02 on the validation rows\)\. /,
  );
  expect(messages[0]).toContain('use fewer leaves (numLeaves)');
  expect(messages[1]).toMatch(
    /^Task hours has no label, or one class alone, among the validation rows: .* no epoch\.$/,
  );
});

test('a loss that is higher after two epochs is no short training', () => {
  const rises = (number: number) => epoch(number, { losses: { income: 0.7 + number / 10, hours: 4 }, validation: {} });
  expect(kinds([rises(1), rises(2)])).toEqual([['loss-not-falling', 'income']]);
  expect(kinds([rises(1)])).toEqual([]);
});
