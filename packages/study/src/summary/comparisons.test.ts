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
  // a − b: .02, .01, .03: mean .02, deviation .01, t = .02 √3 / .01 = 3.4641, p = .0742 (2 degrees of freedom)
  // a − c: .1, .1, .11: mean .10333, deviation .0057735, t = 31, p = .00104
  const a = [0.9, 0.91, 0.93];
  const b = [0.88, 0.9, 0.9];
  const c = [0.8, 0.81, 0.82];
  expect(winnerOf(auc, models({ a, b, c }))).toBeUndefined();
  const winner = winnerOf(auc, models({ a, c }));
  expect(winner).toMatchObject({ ...auc, model: 'a' });
  expect(winner!.pValue).toBeCloseTo(0.001039, 5);
});

test('pairing finds a small difference among seeds that differ much', () => {
  const b = [0.5, 0.7, 0.9, 0.6];
  const a = b.map((value, i) => value + 0.01 + i * 0.0001);
  expect(winnerOf(auc, models({ b, a }))!.model).toBe('a');
});

test('where lower is better, the lowest wins', () => {
  const map = models({ a: [0.5, 0.51, 0.52], b: [0.4, 0.41, 0.42] }, 'ne');
  expect(winnerOf({ task: 'click', metric: 'ne' }, map)!.model).toBe('b');
});

test('one seed, one model, or a metric that is not defined has no winner', () => {
  expect(winnerOf(auc, models({ a: [0.9], b: [0.1] }))).toBeUndefined();
  expect(winnerOf(auc, models({ a: [0.9, 0.91] }))).toBeUndefined();
  expect(winnerOf(auc, models({ a: [0.9, 0.91], b: [0.1, NaN] }))).toBeUndefined();
});
