import { binary, multiclass } from '@polytask/core';
import { multiLabel, survival } from '@polytask/core/tasks';
import { expect, test } from 'vitest';
import { calibrationOf } from './measured-calibration.ts';

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

test('several labels: each row and label is a pair', () => {
  const task = multiLabel({ labels: ['a', 'b'] });
  const { tags } = calibrationOf({ tags: task }, { tags: rowsOf([0b01, 0b11], [0.5, 0.25, 0.5, 0.25], [1, 3]) });
  expect(tags).toEqual([
    { rows: 2, predicted: 0.25, observed: 0.75 },
    { rows: 2, predicted: 0.5, observed: 1 },
  ]);
});

test('times: survival up to the middle cut point, and the life table of each bin', () => {
  const task = survival({ cuts: [5, 10, 20] });
  const [low, high] = [
    [0.5, 0.25, 0.1],
    [0.9, 0.75, 0.5],
  ] as [number[], number[]];
  const { time } = calibrationOf(
    { time: task },
    { time: rowsOf([3, 8, -30, 30, -30], [low, low, low, high, high].flat()) },
  );
  expect(time).toEqual([
    { rows: 3, predicted: 0.25, observed: expect.closeTo((2 / 3) * (1 / 2), 12) as number },
    { rows: 2, predicted: 0.75, observed: 1 },
  ]);
});
