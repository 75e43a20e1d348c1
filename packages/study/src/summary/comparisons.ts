import { compareRuns, type Comparison } from '@polytask/metrics';
import type { TrialResult } from '../trials/trial-result.ts';
import { metricRow } from './metric-rows.ts';
import type { Column } from './summary.ts';

/**
 * All models beside the baseline, in each metric over the tasks that have it: differences with intervals, verdicts
 * adjusted for all models and tasks of the metric, wins and losses, gain, ranks.
 *
 * @returns by metric; empty where there is no baseline, or nothing beside it
 */
export function comparisonsOf(
  byModel: ReadonlyMap<string, readonly TrialResult[]>,
  columns: readonly Column[],
  baseline: string,
): Record<string, Comparison<string, string>> {
  if (!byModel.has(baseline) || byModel.size < 2) return {};
  const metrics = [...new Set(columns.map(({ metric }) => metric))];
  return Object.fromEntries(metrics.map((metric) => [metric, comparisonOf(byModel, columns, baseline, metric)]));
}

function comparisonOf(
  byModel: ReadonlyMap<string, readonly TrialResult[]>,
  columns: readonly Column[],
  baseline: string,
  metric: string,
): Comparison<string, string> {
  const tasks = columns.filter((column) => column.metric === metric).map(({ task }) => task);
  const direction = metricRow(metric)?.direction ?? 'higher';
  const scoresOf = (trials: readonly TrialResult[]) =>
    Object.fromEntries(
      tasks.map((task) => [
        task,
        Object.fromEntries(trials.map((trial) => [String(trial.seed), trial.metrics[task]?.[metric] ?? NaN])),
      ]),
    );
  return compareRuns({
    baseline,
    tasks: Object.fromEntries(tasks.map((task) => [task, direction])),
    scores: Object.fromEntries([...byModel].map(([model, trials]) => [model, scoresOf(trials)])),
  });
}
