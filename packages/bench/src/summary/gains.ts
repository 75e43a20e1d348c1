import { meanInterval, multiTaskGain } from '@polytask/metrics';
import type { Trial } from '../trials/trial.ts';
import { metricRow } from './metric-rows.ts';
import { paired } from './paired.ts';
import type { Column, Gain } from './summary.ts';

/**
 * The multi-task gain Δm of a model over a baseline, in each metric over the tasks that have it: seed by seed, then its
 * mean over seeds with an interval.
 *
 * @returns by metric; empty where they have no seed in common
 */
export function gainsOver(baseline: readonly Trial[], trials: readonly Trial[], columns: readonly Column[]): Record<string, Gain> {
  const pairs = paired(trials, baseline);
  if (pairs.length === 0) return {};
  const metrics = [...new Set(columns.map(({ metric }) => metric))];
  return Object.fromEntries(
    metrics.map((metric) => {
      const tasks = columns.filter((column) => column.metric === metric).map(({ task }) => task);
      const valuesOf = (trial: Trial) => byTask(tasks, (task) => trial.metrics[task]?.[metric] ?? NaN);
      const direction = metricRow(metric)?.direction ?? 'higher';
      const gains = pairs.map(([model, base]) => multiTaskGain(valuesOf(model), valuesOf(base), direction));
      return [
        metric,
        {
          mean: meanInterval(gains.map(({ mean }) => mean)),
          tasks: byTask(tasks, (task) => meanInterval(gains.map(({ perTask }) => perTask[task]!))),
        },
      ];
    }),
  );
}

const byTask = <V>(tasks: readonly string[], value: (task: string) => V): Record<string, V> =>
  Object.fromEntries(tasks.map((task) => [task, value(task)]));
