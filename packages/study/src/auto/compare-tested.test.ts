import { binary, multiclass, regression } from '@polytask/core';
import { bootstrapInterval, counterRandom, delongTest, findMetric } from '@polytask/metrics';
import type { TaskPredictions } from '@polytask/training';
import { expect, test } from 'vitest';
import { sharingSentences } from '../report/training-answer.ts';
import { trialOf } from '../testing/trial-of.ts';
import { compareTested } from './run-auto.ts';

const ROWS = 200;
const predicted = (labels: readonly number[], predictions: readonly number[], weights = labels.map(() => 1)) =>
  ({
    rows: Uint32Array.from(labels.keys()),
    labels: Float64Array.from(labels),
    predictions: Float64Array.from(predictions),
    weights: Float64Array.from(weights),
  }) satisfies TaskPredictions;

const click = Array.from({ length: ROWS }, (_, i) => i % 2);
const noisy = (i: number, noise: number) => 0.5 + (click[i]! - 0.5) * (i % 10 < noise ? -0.6 : 0.6) + (i % 7) / 100;
const hours = Array.from({ length: ROWS }, (_, i) => i % 13);
const tested = (model: string, clickNoise: number, hourError: number) => ({
  trial: trialOf({ model }),
  predictions: {
    click: predicted(
      click,
      click.map((_, i) => noisy(i, clickNoise)),
    ),
    hours: predicted(
      hours,
      hours.map((value, i) => value + hourError * (i % 3 ? 1 : -1)),
    ),
    kind: predicted(
      [0, 1, 1, 0].flatMap((value) => Array.from({ length: 50 }, () => value)),
      Array.from({ length: 2 * ROWS }, () => 0.5),
    ),
  },
});
const tasks = { click: binary(), hours: regression(), kind: multiclass({ classes: ['a', 'b'] }) };

test('AUCs by DeLong and errors by a paired bootstrap, at a level for all tasks together', { tags: ['long'] }, () => {
  const [a, b] = [tested('adatt', 1, 2), tested('single-task', 4, 1)];
  const { tasks: found, rows } = compareTested(tasks, a, b);
  const labels = a.predictions.click.labels;
  const delong = delongTest(labels, a.predictions.click.predictions, b.predictions.click.predictions, {
    confidence: 1 - 0.05 / 3,
  });
  expect(rows).toBe(ROWS);
  expect(found['click']).toMatchObject({ metric: 'auc', low: delong.low, high: delong.high, verdict: 'better' });
  expect(found['hours']).toMatchObject({
    metric: 'rmse',
    model: 2,
    other: 1,
    difference: 1,
    verdict: 'worse',
    method: 'bootstrap',
  });
  expect(found['hours']!.low).toBeCloseTo(1, 10); // each row has the same error: no resample differs
  expect(found['kind']).toMatchObject({ difference: 0, verdict: 'no difference' });
});

test('weighted rows are compared by the bootstrap, with their weights', { tags: ['long'] }, () => {
  const weights = click.map((_, i) => (i % 10 < 4 ? 0.01 : 1));
  const [a, b] = [1, 4].map((noise) => ({
    trial: trialOf({ model: noise === 1 ? 'adatt' : 'single-task' }),
    predictions: {
      click: predicted(
        click,
        click.map((_, i) => noisy(i, noise)),
        weights,
      ),
    },
  }));
  const { click: weighted } = compareTested({ click: binary() }, a!, b!).tasks;
  const plain = compareTested({ click: binary() }, tested('adatt', 1, 1), tested('single-task', 4, 1)).tasks['click']!;
  expect(weighted!.method).toBe('bootstrap');
  expect(weighted!.difference).toBeLessThan(plain.difference / 2); // the rows that differ count little
});

test.each(['rmse', 'median-ae', 'r2'])('the bootstrap of %s is over copies of rows', { tags: ['long'] }, (name) => {
  const modelOf = (noise: number) => ({
    trial: trialOf({ model: `${noise}` }),
    predictions: {
      hours: predicted(
        hours,
        hours.map((value, i) => value + noisy(i, noise)),
      ),
    },
  });
  const [a, b] = [modelOf(1), modelOf(4)];
  const found = compareTested({ hours: regression() }, a, b, { hours: name }).tasks['hours']!;
  const valueOn = (model: typeof a, rows: Float64Array) => {
    const [y, p] = [hours, model.predictions.hours.predictions].map((values) =>
      Array.from(rows, (row) => values[row]!),
    );
    return findMetric(name).create().update(y!, p!).compute();
  };
  const plain = bootstrapInterval(
    [Float64Array.from(hours.keys())],
    ([rows]) => valueOn(a, rows!) - valueOn(b, rows!),
    { resamples: 1000, method: 'percentile', random: counterRandom(0) },
  );
  expect(found.difference).toBeCloseTo(plain.estimate, 10);
  expect(found.low).toBeCloseTo(plain.low, 10);
  expect(found.high).toBeCloseTo(plain.high, 10);
});

test('the words name what helped, what harmed, and by how much', () => {
  const both = sharingSentences(compareTested(tasks, tested('adatt', 1, 2), tested('single-task', 4, 1))).join(' ');
  expect(both).toMatch(/^Among the networks, sharing helped some tasks and harmed others \(200 test rows/);
  expect(both).toMatch(/adatt is significantly better than single-task, by \.\d+ AUC on click\./);
  expect(both).toContain('adatt is significantly worse than single-task, by 1 RMSE on hours.');
  expect(both).toContain('On kind, the difference could be chance.');
  const none = sharingSentences(compareTested(tasks, tested('adatt', 1, 1), tested('single-task', 1, 1))).join(' ');
  expect(none).toMatch(/^Among the networks, sharing made no difference that the test rows can show/);
  expect(none).not.toContain('significantly');
});
