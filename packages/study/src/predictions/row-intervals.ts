import {
  delongInterval,
  findMetric,
  type GroupArray,
  jackknifeInterval,
  meanInterval,
  type MetricTask,
  wilsonInterval,
} from '@polytask/metrics';
import { mapValues, signedLog } from '@polytask/core/internal';
import type { TaskPredictions } from '@polytask/training';

interface Bounds {
  readonly low: number;
  readonly high: number;
}

type IntervalOf = (value: number, predicted: TaskPredictions) => Bounds;

/** The interval of a root mean squared error: that of the mean of the squared errors, Student's t. */
const rootMeanSquare =
  (of: (value: number) => number): IntervalOf =>
  (_, { labels, predictions }) => {
    const { low, high } = meanInterval(labels.map((label, row) => (of(predictions[row]!) - of(label)) ** 2));
    return { low: Math.sqrt(Math.max(0, low)), high: Math.sqrt(high) };
  };

const share: IntervalOf = (value, { labels }) => wilsonInterval(value, labels.length);

/** Intervals that are exact or cheaper than the jackknife, for rows of one weight. Any other metric has that of the jackknife. */
const INTERVALS: Readonly<Record<string, IntervalOf>> = {
  'binary auc': (_, { labels, predictions }) => delongInterval(labels, predictions),
  'binary accuracy': share,
  'multiclass accuracy': share,
  'regression rmse': rootMeanSquare((value) => value),
  'regression rmsle': rootMeanSquare(signedLog),
};

/**
 * The 95% intervals of a task's metrics over samples of test rows. Those of a metric within groups are over samples of groups.
 *
 * @param task what the metrics read
 * @param scores by metric
 * @param groups the group of each test row, for metrics within groups
 * @returns by metric; empty for no rows
 * @example rowIntervals('regression', { rmse: 2 }, predictions['hours']!).rmse; // { low: 1.8, high: 2.2 }
 */
export function rowIntervals(
  task: MetricTask,
  scores: Readonly<Record<string, number>>,
  predicted: TaskPredictions,
  groups?: GroupArray,
): Record<string, Bounds> {
  const { labels, predictions, rows, weights } = predicted;
  if (weights.length === 0) return {};
  const areEqual = weights.every((weight) => weight === weights[0]);
  const own = groups && Array.from(rows, (row) => groups[row]!);
  const byBlocks = (name: string): Bounds => {
    const metric = findMetric(name, task);
    return jackknifeInterval(metric, labels, predictions, { weights, groups: metric.grouped ? own : undefined });
  };
  return mapValues(scores, (value, metric) => {
    const { low, high } = (areEqual && INTERVALS[`${task} ${metric}`]?.(value, predicted)) || byBlocks(metric);
    return { low, high };
  });
}
