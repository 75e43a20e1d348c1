import { FUNNEL } from '@polytask/data';
import type { TaskPredictions } from '@polytask/training';
import { expect, it } from 'vitest';
import { syntheticFunnelSuite } from './generated-suites.ts';

const ROWS = 400;
const predictions = (values: ArrayLike<number>): TaskPredictions => ({
  rows: Uint32Array.from(values, (_, row) => row),
  labels: new Float64Array(ROWS),
  predictions: Float64Array.from(values),
  weights: new Float64Array(ROWS).fill(1),
});

it('measures p(buy) / p(click) on all rows against the true rates, by row and by scenario', async () => {
  const { trial } = await syntheticFunnelSuite.open({ limitRows: ROWS });
  const { derive, test } = trial(1);
  expect(test().size).toBe(ROWS);
  const byRates = (rates: ArrayLike<number>) => {
    const click = Array.from(rates, (_, row) => 0.1 + (0.8 * row) / ROWS);
    return derive!({ click: predictions(click), buy: predictions(click.map((p, row) => p * rates[row]!)) })!.byTask;
  };
  const truth = byRates(new Float64Array(ROWS))['rate if clicked']!.labels;
  const exact = byRates(truth);
  exact['rate if clicked']!.predictions.forEach((rate, row) => expect(rate).toBeCloseTo(truth[row]!, 9));
  const scenarios = exact['mean rates by scenario']!;
  expect(scenarios.labels).toHaveLength(3);
  scenarios.predictions.forEach((rate, s) => expect(rate).toBeCloseTo(scenarios.labels[s]!, 9));
  const half = byRates(truth.map((rate) => rate / 2))['mean rates by scenario']!;
  half.predictions.forEach((rate, s) => expect(rate).toBeCloseTo(half.labels[s]! / 2, 9));
  const drawn = exact['buy if clicked']!.labels.reduce((sum, label) => sum + label, 0) / ROWS;
  expect(Math.abs(drawn - truth.reduce((sum, rate) => sum + rate, 0) / ROWS)).toBeLessThan(0.08);
  expect(derive!({ [FUNNEL[0]]: predictions(truth) })).toBeUndefined();
});
