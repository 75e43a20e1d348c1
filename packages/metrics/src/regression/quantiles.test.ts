import { expect, test } from 'vitest';
import { findMetric } from '../metrics.ts';
import { coverageAt, pinballAt, pinballRatioAt } from './quantiles.ts';

const levels = [0.1, 0.5, 0.9];
const labels = [3, -1, 0.5, 7, 2];
const predictions = [...[0, 1, 4], ...[-2, 0, 1], ...[0, 0.5, 3], ...[2, 4, 6], ...[-1, 2, 2.5]];
const weights = [1, 2, 1, 0.5, 3];

test('pinball is its formula, computed by another program, as a mean over quantiles', () => {
  const each = [0.25, 0.6, 0.3];
  const columns = levels.map((_, j) => labels.map((__, i) => predictions[i * 3 + j]!));
  columns.forEach((column, j) => {
    expect(pinballAt([levels[j]!]).create().update(labels, column).compute()).toBeCloseTo(each[j]!, 12);
  });
  const mean = pinballAt(levels).create().update(labels, predictions).compute();
  expect(mean).toBeCloseTo((each[0]! + each[1]! + each[2]!) / 3, 12);
});

test('rows of weight 2 count twice, in any order and in parts', () => {
  for (const metric of [pinballAt(levels), pinballRatioAt(levels), coverageAt(levels)]) {
    const whole = metric.create().update(labels, predictions, { weights }).compute();
    const parts = metric.create().update(labels.slice(3), predictions.slice(9), { weights: weights.slice(3) });
    const first = metric.create().update(labels.slice(0, 3), predictions.slice(0, 9), { weights: weights.slice(0, 3) });
    expect(parts.merge(first).compute()).toBeCloseTo(whole, 12);
    const twice = [...labels, labels[1]!];
    const again = metric.create().update(twice, [...predictions, ...predictions.slice(3, 6)], {
      weights: [1, 1, 1, 0.5, 3, 1],
    });
    expect(again.compute()).toBeCloseTo(whole, 12);
    expect(metric.restore(JSON.parse(JSON.stringify(parts)) as never).compute()).toBeCloseTo(whole, 12);
  }
});

test('the quantiles of the labels have a ratio of 1, and nothing constant has less', () => {
  const sorted = labels.toSorted((a, b) => a - b);
  const constants = [sorted[0]!, sorted[2]!, sorted[4]!];
  const ratio = (row: readonly number[]) =>
    pinballRatioAt(levels)
      .create()
      .update(
        labels,
        labels.flatMap(() => [...row]),
      )
      .compute();
  expect(ratio(constants)).toBeCloseTo(1, 12);
  for (const by of [-0.3, 0.4])
    for (const j of [0, 1, 2]) expect(ratio(constants.map((c, i) => c + (i === j ? by : 0)))).toBeGreaterThanOrEqual(1);
});

test('are found by their names, and refuse levels that do not ascend', () => {
  expect(findMetric('pinball@0.1:0.5:0.9').config).toEqual({ levels: '0.1:0.5:0.9' });
  expect(findMetric('coverage@0.05:0.95').name).toBe('coverage@0.05:0.95');
  expect(() => findMetric('pinball@0.9:0.1')).toThrow('shares between 0 and 1, ascending');
  expect(() => coverageAt([0.5])).toThrow('two or more');
  expect(() => pinballAt(levels).create().update([1], [1, 2])).toThrow('2 predictions for');
});
