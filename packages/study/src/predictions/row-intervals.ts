import { delongInterval, meanInterval, wilsonInterval } from '@polytask/metrics';
import { encodeLabel } from '@polytask/core';
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

const LOG = { kind: 'regression', log: true } as const;

/** By metric: its 95% interval over samples of test rows. Other metrics have none. */
const INTERVALS: Readonly<Record<string, IntervalOf>> = {
  auc: (_, { labels, predictions }) => delongInterval(labels, predictions),
  accuracy: share,
  multiclassAccuracy: share,
  rmse: rootMeanSquare((value) => value),
  rmsle: rootMeanSquare((value) => encodeLabel(LOG, value)),
};

/**
 * The 95% intervals of a task's metrics over samples of test rows.
 *
 * @param scores by metric
 * @returns by metric; empty for rows with different weights, which none of the intervals allows, and for no rows
 * @example rowIntervals({ rmse: 2 }, predictions['hours']!).rmse; // { low: 1.8, high: 2.2 }
 */
export function rowIntervals(
  scores: Readonly<Record<string, number>>,
  predicted: TaskPredictions,
): Record<string, Bounds> {
  const { weights } = predicted;
  if (weights.length === 0 || !weights.every((weight) => weight === weights[0])) return {};
  return Object.fromEntries(
    Object.entries(scores).flatMap(([metric, value]) => {
      const interval = INTERVALS[metric]?.(value, predicted);
      return interval ? [[metric, { low: interval.low, high: interval.high }]] : [];
    }),
  );
}
