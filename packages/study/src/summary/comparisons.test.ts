import { expect, test } from 'vitest';
import { trialsOf } from '../testing/trial-of.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { winnerOf } from './comparisons.ts';

const auc = { task: 'click', metric: 'auc' };
const models = (values: Record<string, number[]>, metric = 'auc') =>
  new Map<string, TrialResult[]>(
    Object.entries(values).map(([model, list]) => [model, trialsOf(model, { [metric]: list })]),
  );

test('a model that is better than each other one beyond chance wins, with the largest of its p values', () => {
  // a − b: .02, .01, .03, −.01, .01: mean .012, t = 1.8091, p = .1447 (4 degrees of freedom)
  // a − c: .1, .1, .11, .1, .1: mean .102, t = 51, p = 8.846e-7
  const a = [0.9, 0.91, 0.93, 0.9, 0.91];
  const b = [0.88, 0.9, 0.9, 0.91, 0.9];
  const c = [0.8, 0.81, 0.82, 0.8, 0.81];
  expect(winnerOf(auc, models({ a, b, c }))).toBeUndefined();
  const winner = winnerOf(auc, models({ a, c }));
  expect(winner).toMatchObject({ ...auc, model: 'a' });
  expect(winner!.pValue).toBeCloseTo(8.84623e-7, 11);
});

test('pairing finds a small difference among seeds that differ much', () => {
  const b = [0.5, 0.7, 0.9, 0.6, 0.8];
  const a = b.map((value, i) => value + 0.01 + i * 0.0001);
  expect(winnerOf(auc, models({ b, a }))!.model).toBe('a');
});

test('where lower is better, the lowest wins', () => {
  const map = models({ a: [0.5, 0.51, 0.52, 0.5, 0.5], b: [0.4, 0.41, 0.42, 0.4, 0.4] }, 'ne');
  expect(winnerOf({ task: 'click', metric: 'ne' }, map)!.model).toBe('b');
});

test('fewer than five seeds, one model, or a metric that is not defined has no winner', () => {
  expect(winnerOf(auc, models({ a: [0.9, 0.91, 0.9, 0.91], b: [0.1, 0.11, 0.1, 0.11] }))).toBeUndefined();
  expect(winnerOf(auc, models({ a: [0.9], b: [0.1] }))).toBeUndefined();
  expect(winnerOf(auc, models({ a: [0.9, 0.91] }))).toBeUndefined();
  expect(winnerOf(auc, models({ a: [0.9, 0.91, 0.9, 0.91, 0.9], b: [0.1, 0.11, 0.1, 0.1, NaN] }))).toBeUndefined();
});
