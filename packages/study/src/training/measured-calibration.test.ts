import { binary, regression, type Calibrated } from '@polytask/core';
import { platt } from '@polytask/core/calibration';
import { bestF1 } from '@polytask/training';
import { expect, test } from 'vitest';
import { calibrationSentences } from '../report/calibration-blocks.ts';
import { calibrationError, measureCalibrated } from './measured-calibration.ts';

const rowsOf = (labels: readonly number[], predictions: readonly number[]) => ({
  rows: Uint32Array.from(labels.keys()),
  labels: Float64Array.from(labels),
  predictions: Float64Array.from(predictions),
  weights: Float64Array.from(labels, () => 1),
});

test('the calibration error is the mean distance over rows', () => {
  const bins = [
    { rows: 3, predicted: 0.5, observed: 0.4 },
    { rows: 1, predicted: 0.1, observed: 0.3 },
  ];
  expect(calibrationError(bins)).toBeCloseTo(0.125, 12);
});

test('measures calibration, coverage and decisions of calibrated predictions', () => {
  const calibrated: Calibrated = {
    calibration: platt({ slope: 1e-6, offset: 0 }), // all probabilities become ½
    interval: { level: 0.9, margin: 0.4 },
    threshold: { at: 0.4, rule: bestF1() },
  };
  const tasks = {
    click: binary(),
    price: { ...regression(), fitted: { mean: 0, deviation: 2 } },
    plain: regression(),
    like: binary(),
  };
  const predictions = {
    click: rowsOf([1, 0, 0, 1], [0.9, 0.9, 0.9, 0.9]),
    price: rowsOf([3, 5, -1, 9], [1, 1, 0, 8]),
    plain: rowsOf([1], [1]),
    like: rowsOf([1, 0], [0.5, 0.5]),
  };
  const measures = measureCalibrated(tasks, predictions, {
    click: calibrated,
    price: { interval: { level: 0.5, margin: 1 } },
    like: { leftOut: { name: 'isotonic', logLoss: [0.31, 0.32] } },
  });
  expect(measures).toMatchObject([
    {
      ...{ task: 'click', rows: 4 },
      calibration: { name: 'platt', error: [expect.closeTo(0.4, 6), expect.closeTo(0, 5)] },
      interval: { level: 0.9, size: 1 }, // ½ is below 1 − 0.4, so a set has the likeliest only
      threshold: { at: 0.4, rule: 'f1', rate: 1, precision: 0.5, recall: 1, f1: expect.closeTo(2 / 3, 12) as number },
    },
    { task: 'price', interval: { level: 0.5, coverage: 0.75, size: 4 } },
    { task: 'like', leftOut: { name: 'isotonic' } },
  ]);
  expect(calibrationSentences(measures)).toEqual([
    'click is calibrated by platt: its calibration error is 0.0000, before 0.4000.',
    '50.0% of the labels of click are within its sets, which promise 90.0%.',
    'The decision on click is yes from 0.4000 on (f1): F1 0.6667, for 100.0% of the rows.',
    '75.0% of the labels of price are within its intervals, which promise 50.0%.',
    'like stays uncalibrated: on held-out validation rows, isotonic does not clearly lower the log loss, 0.3200 against 0.3100 without it.',
  ]);
});
