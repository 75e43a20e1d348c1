import { binary, multiclass, regression } from '@polytask/core';
import type { TaskPredictions } from '@polytask/training';
import { expect, test } from 'vitest';
import { meanPredictions, selectEnsemble, standardErrorOf } from './ensemble.ts';
import type { PartPredictions } from '../results/trial-result.ts';

const column = (labels: number[], predictions: number[]): TaskPredictions => ({
  rows: Uint32Array.from(labels.keys()),
  labels: Float64Array.from(labels),
  predictions: Float64Array.from(predictions),
  weights: new Float64Array(labels.length).fill(1),
});

const part = (byTask: Record<string, TaskPredictions>): PartPredictions => ({ size: 4, byTask, groups: undefined });

/** Predictions of a binary task with the labels 1, 0, 1, 0. */
const click = (...predictions: number[]) => part({ click: column([1, 0, 1, 0], predictions) });
const tasks = { click: binary() };

test('the mean is over probabilities and over numbers, by weight', () => {
  const stars = column([2], [0.2, 0.3, 0.5]);
  const first = part({ stars, hours: column([3], [2]) });
  const second = part({
    stars: { ...stars, predictions: Float64Array.from([0.5, 0.3, 0.2]) },
    hours: column([3], [8]),
  });
  const { byTask } = meanPredictions([
    { part: first, weight: 2 },
    { part: second, weight: 1 },
  ]);
  expect([...byTask['stars']!.predictions].map((value) => value.toFixed(12))).toEqual(
    ['0.3', '0.3', '0.4'].map((value) => Number(value).toFixed(12)),
  );
  expect(byTask['hours']!.predictions[0]).toBeCloseTo(4, 12);
});

test('predictions of other rows or labels are refused', () => {
  const other = part({ click: column([0, 1, 1, 0], [0.5, 0.5, 0.5, 0.5]) });
  const mean = () =>
    meanPredictions([
      { part: click(1, 0, 1, 0), weight: 1 },
      { part: other, weight: 1 },
    ]);
  expect(mean).toThrow('for the same rows from all members of an ensemble, received other rows or labels');
});

test('two models that are wrong on different rows are better together, and a bad one stays out', () => {
  // each puts one 0 above one 1: AUC .75; their mean orders all rows rightly: AUC 1
  const a = click(0.9, 0.6, 0.5, 0.1);
  const b = click(0.5, 0.1, 0.9, 0.6);
  const bad = click(0.1, 0.9, 0.2, 0.8);
  const candidates = new Map(Object.entries({ bad, a, b }));
  expect(selectEnsemble(tasks, candidates, 'auc')).toEqual(
    new Map([
      ['a', 1],
      ['b', 1],
    ]),
  );
});

test('a model that no other makes better is alone', () => {
  const best = click(0.9, 0.1, 0.8, 0.2);
  expect(
    selectEnsemble(
      tasks,
      new Map([
        ['other', click(0.5, 0.6, 0.7, 0.1)],
        ['best', best],
      ]),
      'auc',
    ),
  ).toEqual(new Map([['best', 1]]));
});

test('tasks of different kinds count by their normalized losses, in which a model may be a member twice', () => {
  // the labels 0, 3 have the mean 1.5 and deviation 1.5; the errors of (2 low + high) / 3 are 0
  const mixed = { hours: regression(), stars: multiclass({ classes: ['a', 'b'] }) };
  const stars = column([0, 1], [0.9, 0.1, 0.1, 0.9]);
  const low = part({ hours: column([0, 3], [-1, 2]), stars });
  const high = part({ hours: column([0, 3], [2, 5]), stars });
  expect(
    selectEnsemble(
      mixed,
      new Map([
        ['low', low],
        ['high', high],
      ]),
      'normalizedLoss',
    ),
  ).toEqual(
    new Map([
      ['low', 2],
      ['high', 1],
    ]),
  );
});

test('the standard error of a difference is that of the mean over rows, if each row is a block, whatever the width', () => {
  const rows = Array.from({ length: 20 }, (_, i) => i);
  const labels = rows.map((i) => i % 3);
  const [a, b] = [7, 5].map((step) => rows.map((i) => (i * step) % 11));
  const hours = (predictions: number[]) => part({ hours: column(labels, predictions) });
  const differences = rows.map((i) => Math.abs(labels[i]! - a![i]!) - Math.abs(labels[i]! - b![i]!));
  const mean = differences.reduce((sum, each) => sum + each) / 20;
  const variance = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 19;
  expect(standardErrorOf({ hours: regression() }, hours(a!), hours(b!), 'mae')).toBeCloseTo(
    Math.sqrt(variance / 20),
    12,
  );

  const stars = { stars: multiclass({ classes: ['1', '2', '3'] }) };
  const certain = (classes: number[]) =>
    part({
      stars: column(
        labels,
        classes.flatMap((own) => [0, 1, 2].map((each) => Number(each === own))),
      ),
    });
  const right = certain(labels);
  const shifted = certain(labels.map((label, i) => (i < 5 ? (label + 1) % 3 : label)));
  expect(standardErrorOf(stars, right, shifted, 'accuracy')).toBeCloseTo(Math.sqrt((0.25 * 0.75) / 19), 12);
  expect(standardErrorOf(tasks, click(0.9, 0.1, 0.8, 0.2), click(0.9, 0.1, 0.8, 0.2), 'auc')).toBe(0);
});
