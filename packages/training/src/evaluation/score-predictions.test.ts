import { binary, regression } from '@polytask/core';
import { prAuc } from '@polytask/metrics';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { tinyExamples, tinyModel, tinyTasks } from '../testing/tiny.ts';
import { evaluate } from './evaluate.ts';
import type { TaskPredictions } from './measure.ts';
import { scorePredictions } from './score-predictions.ts';

beforeAll(() => tf.setBackend('cpu'));

const column = (labels: number[], predictions: number[]): TaskPredictions => ({
  rows: Uint32Array.from(labels.keys()),
  labels: Float64Array.from(labels),
  predictions: Float64Array.from(predictions),
  weights: new Float64Array(labels.length).fill(1),
});

test('gives the scores of evaluate, to the last digits, for every kind of task', async () => {
  const model = tinyModel();
  const examples = tinyExamples(tinyTasks, 300, 3);
  const groups = Array.from({ length: 300 }, (_, row) => row % 7);
  const { scores, predictions } = await evaluate(model, examples, { groups, predictions: true, batchSize: 64 });
  const again = scorePredictions(tinyTasks, predictions, { groups });
  for (const [task, values] of Object.entries(again)) {
    const { loss: _, ...expected } = scores[task as keyof typeof scores];
    expect(Object.keys(values)).toEqual(Object.keys(expected));
    for (const [metric, value] of Object.entries(values))
      expect(value).toBeCloseTo(expected[metric as keyof typeof expected], 10);
  }
  model.dispose();
});

test('takes other metrics, and measures the normalized loss of a logarithmic task on logarithms', () => {
  const tasks = { click: binary(), seconds: regression({ log: true }) };
  const click = column([0, 1, 1, 0], [0.2, 0.9, 0.3, 0.4]);
  // logarithms of the labels: 0, 1, 2 (mean 1, deviation √(2/3)); errors 0, 1, 0: √(1/3) / √(2/3) = √½
  const labels = [0, Math.E - 1, Math.E ** 2 - 1];
  const seconds = column(labels, [0, Math.E ** 2 - 1, Math.E ** 2 - 1]);
  const scores = scorePredictions(tasks, { click, seconds }, { metrics: { click: ['prAuc'] } });
  expect(scores.click['prAuc']).toBe(prAuc(click.labels, click.predictions));
  expect(scores.seconds['normalizedLoss']).toBeCloseTo(Math.SQRT1_2, 12);
});

test('a task without predictions, and a metric that does not fit, are refused', () => {
  const tasks = { click: binary(), like: binary() };
  const click = column([0, 1], [0.2, 0.9]);
  expect(() => scorePredictions(tasks, { click } as never)).toThrow(
    'Expected predictions of task "like", received none',
  );
  expect(() => scorePredictions(tasks, { click, like: click }, { metrics: { like: ['rmse'] } })).toThrow(
    'for the binary task "like"',
  );
});
