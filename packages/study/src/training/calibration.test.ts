import { binary, multiclass } from '@polytask/core';
import { expect, test } from 'vitest';
import { calibrationOf } from './calibration.ts';

const rowsOf = (labels: readonly number[], predictions: readonly number[], weights = labels.map(() => 1)) => ({
  rows: Uint32Array.from(labels.keys()),
  labels: Float64Array.from(labels),
  predictions: Float64Array.from(predictions),
  weights: Float64Array.from(weights),
});

test('ten bins of equally many rows, from the lowest to the highest prediction', () => {
  const predictions = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) / 100);
  const labels = predictions.map((p) => Number(p >= 0.5));
  const { click } = calibrationOf({ click: binary() }, { click: rowsOf(labels, predictions) });
  expect(click!.map(({ rows }) => rows)).toEqual(Array.from({ length: 10 }, () => 10));
  click!.forEach(({ predicted }, bin) => expect(predicted).toBeCloseTo(bin / 10 + 0.045, 12));
  expect(click!.map(({ observed }) => observed)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
});

test('rows with one prediction stay together, and weights count', () => {
  const { click } = calibrationOf({ click: binary() }, { click: rowsOf([0, 1, 1], [0.5, 0.5, 0.5], [2, 1, 1]) });
  expect(click).toEqual([{ rows: 3, predicted: 0.5, observed: 0.5 }]);
});

test('a multiclass task by its likeliest class', () => {
  const classes = [0.7, 0.2, 0.1, 0.1, 0.7, 0.2, 0.1, 0.2, 0.7];
  const task = multiclass({ classes: ['a', 'b', 'c'] });
  const { kind } = calibrationOf({ kind: task }, { kind: rowsOf([0, 1, 0], classes) });
  expect(kind).toHaveLength(1);
  expect(kind![0]!.predicted).toBeCloseTo(0.7, 12);
  expect(kind![0]!.observed).toBeCloseTo(2 / 3, 12);
});
