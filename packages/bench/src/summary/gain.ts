import { meanInterval, multiTaskGain } from '@polytask/metrics';
import type { Trial } from '../trials/trial.ts';
import { metricRow, type MetricRow } from './metric-rows.ts';
import { paired } from './paired.ts';
import type { Gain } from './summary.ts';

/**
 * The multi-task gain of a model over a baseline, seed by seed, and its mean over seeds with an interval. For each task
 * it is taken on the metric that its kind has for it: normalized entropy, log loss or RMSE.
 *
 * @returns undefined where they have no seed in common
 */
export function gainOver(baseline: readonly Trial[], trials: readonly Trial[]): Gain | undefined {
  const pairs = paired(trials, baseline);
  if (pairs.length === 0) return undefined;
  const rows = gainRows(pairs[0]![0]);
  const tasks = Object.keys(rows);
  const valueOf = (trial: Trial) => byTask(tasks, (task) => trial.metrics[task]?.[rows[task]!.name] ?? NaN);
  const directions = byTask(tasks, (task) => rows[task]!.direction);
  const gains = pairs.map(([model, base]) => multiTaskGain(valueOf(model), valueOf(base), directions));
  return {
    metrics: byTask(tasks, (task) => rows[task]!.name),
    mean: meanInterval(gains.map((gain) => gain.mean)),
    tasks: byTask(tasks, (task) => meanInterval(gains.map((gain) => gain.perTask[task]!))),
  };
}

/** The metric of each task that its gain is taken on. */
const gainRows = ({ metrics }: Trial): Record<string, MetricRow> =>
  Object.fromEntries(
    Object.entries(metrics).flatMap(([task, values]) => {
      const row = Object.keys(values).map(metricRow).find((each) => each?.gain);
      return row ? [[task, row]] : [];
    }),
  );

const byTask = <V>(tasks: readonly string[], value: (task: string) => V): Record<string, V> =>
  Object.fromEntries(tasks.map((task) => [task, value(task)]));
