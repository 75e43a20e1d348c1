import type { Task } from '@polytask/core';
import type { Metric, MetricState, MetricTask } from '@polytask/metrics';

/** The labels and predictions of a task's test rows that have a label, in their order. */
export interface KeptScores {
  readonly labels: readonly number[];
  /** [rows], or row-major [rows × classes]. */
  readonly predictions: readonly number[];
  /** Whether all rows count the same. */
  readonly even: boolean;
}

const READS: Readonly<Record<Task['kind'], MetricTask>> = { binary: 'binary', multiclass: 'multiclass', regression: 'regression' };

/**
 * A metric that measures nothing and keeps what it is shown: the scores of a single pass over the rows, on whatever
 * engine that pass runs.
 */
export function keptScores(kind: Task['kind']): { readonly metric: Metric; readonly kept: KeptScores } {
  const labels: number[] = [];
  const predictions: number[] = [];
  const kept = { labels, predictions, even: true };
  let weight: number | undefined;
  const state: MetricState = {
    update(someLabels, somePredictions, { weights, mask } = {}) {
      const width = somePredictions.length / someLabels.length;
      for (let row = 0; row < someLabels.length; row++) {
        if (mask && !mask[row]) continue;
        labels.push(someLabels[row]!);
        for (let k = 0; k < width; k++) predictions.push(somePredictions[row * width + k]!);
        weight ??= weights?.[row] ?? 1;
        if ((weights?.[row] ?? 1) !== weight) kept.even = false;
      }
      return state;
    },
    merge: () => state,
    compute: () => NaN,
    reset: () => state,
    toJSON: () => ({ metric: NAME, config: {} }),
  };
  const metric: Metric = { name: NAME, direction: 'higher', task: READS[kind], grouped: false, config: {}, create: () => state, restore: () => state };
  return { metric, kept };
}

const NAME = 'keptScores';
