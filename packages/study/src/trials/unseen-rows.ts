import type { Examples } from '@polytask/core';
import { rowsSeen } from '@polytask/data';
import { findMetric, type GroupArray, type MetricName } from '@polytask/metrics';
import type { TaskPredictions } from '@polytask/training';
import type { TrialResult } from './trial-result.ts';

/** The predictions of a task's test rows, and what they are to be measured by. */
export interface UnseenTask {
  readonly task: string;
  readonly metrics: readonly MetricName[];
  readonly predicted: TaskPredictions;
}

/**
 * The metrics on those test rows whose features occur in no training row, whatever the labels: what a model says of the
 * others it may remember. The predictions are those of the pass over all rows.
 *
 * @param groups the group of each test row
 * @returns nothing where no test row is like that, or all are and the metrics are those that are known
 */
export function unseenMetrics(
  train: Examples,
  test: Examples,
  tasks: readonly UnseenTask[],
  groups: GroupArray | undefined,
): TrialResult['unseen'] {
  const seen = rowsSeen(test, train);
  const unseen = seen.reduce((sum, known) => sum + 1 - known, 0);
  if (unseen === 0 || unseen === test.size) return undefined;
  const valuesOf = ({ metrics, predicted: { rows, labels, predictions, weights } }: UnseenTask) => {
    const mask = Array.from(rows, (row) => seen[row] === 0);
    const own = groups && Array.from(rows, (row) => groups[row]!);
    return Object.fromEntries(
      metrics.map((name) => [
        name,
        findMetric(name).create().update(labels, predictions, { weights, mask, groups: own }).compute(),
      ]),
    );
  };
  return { rows: unseen, of: test.size, metrics: Object.fromEntries(tasks.map((each) => [each.task, valuesOf(each)])) };
}
