import { recordOf } from '@polytask/core';
import type { Examples } from '@polytask/core';
import { rowsSeen } from '@polytask/data';
import { findMetric, type GroupArray } from '@polytask/metrics';
import type { TaskPredictions } from '@polytask/training';
import type { TrialResult } from '../results/trial-result.ts';

/** The predictions of a task on the test rows, and the metrics to compute. */
export interface UnseenTask {
  readonly task: string;
  readonly metrics: readonly string[];
  readonly predicted: TaskPredictions;
}

/**
 * The metrics on the test rows whose features occur in no training row, whatever the labels. A model may remember the other rows.
 * The predictions come from the pass over all test rows.
 *
 * @param groups the group of each test row
 * @returns undefined if all test rows are such rows, or none
 */
export function unseenMetrics(
  train: Examples,
  test: Examples,
  tasks: readonly UnseenTask[],
  groups: GroupArray | undefined,
): TrialResult['unseen'] {
  const isSeen = rowsSeen(test, train);
  const unseenCount = isSeen.reduce((sum, flag) => sum + 1 - flag, 0);
  if (unseenCount === 0 || unseenCount === test.size) return undefined;
  const valuesOf = ({ metrics, predicted: { rows, labels, predictions, weights } }: UnseenTask) => {
    const mask = Array.from(rows, (row) => isSeen[row] === 0);
    const own = groups && Array.from(rows, (row) => groups[row]!);
    return recordOf(metrics, (name) =>
      findMetric(name).create().update(labels, predictions, { weights, mask, groups: own }).compute(),
    );
  };
  return {
    rows: unseenCount,
    of: test.size,
    metrics: Object.fromEntries(tasks.map((each) => [each.task, valuesOf(each)])),
  };
}
