import type { Task } from '@polytask/core';
import type { Metric, MetricState, MetricTask } from '@polytask/metrics';

/** What a pass over the test rows showed of a task: its rows that have a label, in their order. */
export interface KeptScores {
  /** The number of each among all test rows. */
  readonly rows: readonly number[];
  readonly labels: readonly number[];
  /** [rows], or row-major [rows × classes]. */
  readonly predictions: readonly number[];
  readonly weights: readonly number[];
  /** The group of each; empty where rows have none. */
  readonly groups: readonly (number | string)[];
  /** Whether all rows count the same. */
  readonly even: boolean;
}

/** What the metrics of a kind of task read. */
const READS: Readonly<Record<Task['kind'], MetricTask>> = {
  binary: 'binary',
  multiclass: 'multiclass',
  regression: 'regression',
};

/**
 * A metric that measures nothing and keeps what it is shown: the scores of a single pass over the rows, on whatever
 * engine that pass runs.
 */
export function keptScores(kind: Task['kind']): { readonly metric: Metric; readonly kept: KeptScores } {
  const kept = {
    rows: [] as number[],
    labels: [] as number[],
    predictions: [] as number[],
    weights: [] as number[],
    groups: [] as (number | string)[],
    even: true,
  };
  let passed = 0;
  const state: MetricState = {
    update(labels, predictions, { weights, mask, groups } = {}) {
      const width = predictions.length / labels.length;
      for (let row = 0; row < labels.length; row++) {
        if (mask && !mask[row]) continue;
        const weight = weights?.[row] ?? 1;
        kept.rows.push(passed + row);
        kept.labels.push(labels[row]!);
        for (let k = 0; k < width; k++) kept.predictions.push(predictions[row * width + k]!);
        kept.weights.push(weight);
        if (groups) kept.groups.push(groups[row]!);
        if (weight !== kept.weights[0]) kept.even = false;
      }
      passed += labels.length;
      return state;
    },
    merge: () => state,
    compute: () => NaN,
    reset: () => state,
    toJSON: () => ({ metric: NAME, config: {} }),
  };
  const metric: Metric = {
    name: NAME,
    direction: 'higher',
    task: READS[kind],
    grouped: false,
    config: {},
    create: () => state,
    restore: () => state,
  };
  return { metric, kept };
}

const NAME = 'keptScores';
