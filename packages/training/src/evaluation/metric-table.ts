import { fail, suggestion, type Tasks } from '@polytask/core';
import type { Metric } from '@polytask/metrics';
import type { MetricChoice } from './scores.ts';
import { taskMetrics } from './task-metrics.ts';

/** The metrics of all tasks: by task, then by the key in the scores. `loss` isn't among them. */
export type MetricTable = Readonly<Record<string, Readonly<Record<string, Metric>>>>;

/**
 * @param chosen metrics instead of the default ones, for some tasks
 * @param grouped whether the rows have groups
 * @throws PolytaskError when a task or metric is unknown, or they don't fit each other
 */
export function metricTable(tasks: Tasks, chosen: MetricChoice = {}, grouped = false): MetricTable {
  for (const name of Object.keys(chosen)) {
    if (Object.hasOwn(tasks, name)) continue;
    fail({
      expected: 'metrics for tasks of the model',
      received: `a task "${name}"`,
      mend: suggestion(name, Object.keys(tasks)),
    });
  }
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, taskMetrics(name, task, chosen[name], grouped)]),
  );
}
