import type { Examples } from '@polytask/core';
import { rowsSeen } from '@polytask/data';
import { findMetric, type MetricName } from '@polytask/metrics';
import type { KeptScores } from './kept-scores.ts';
import type { Trial } from './trial.ts';

/** The scores of a task's test rows, and what they are to be measured by. */
export interface MeasuredTask {
  readonly task: string;
  readonly metrics: readonly MetricName[];
  readonly kept: KeptScores;
}

/**
 * The metrics on those test rows whose features occur in no training row, whatever the labels: what a model says of the
 * others it may remember. The predictions are those of the pass over all rows.
 *
 * @returns nothing where no test row is like that, or all are and the metrics are those that are known
 */
export function unseenMetrics(train: Examples, test: Examples, tasks: readonly MeasuredTask[]): Trial['unseen'] {
  const seen = rowsSeen(test, train);
  const rows = seen.reduce((sum, known) => sum + 1 - known, 0);
  if (rows === 0 || rows === test.size) return undefined;
  const valuesOf = ({ metrics, kept }: MeasuredTask) => {
    const mask = kept.rows.map((row) => seen[row] === 0);
    return Object.fromEntries(
      metrics.map((name) => [
        name,
        findMetric(name)
          .create()
          .update(kept.labels, kept.predictions, { weights: kept.weights, mask, groups: kept.groups })
          .compute(),
      ]),
    );
  };
  return { rows, of: test.size, metrics: Object.fromEntries(tasks.map((each) => [each.task, valuesOf(each)])) };
}
