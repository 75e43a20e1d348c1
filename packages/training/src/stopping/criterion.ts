import { fail, suggestion } from '@polytask/core';
import type { Direction } from '@polytask/metrics';
import type { MetricTable } from '../evaluation/metric-table.ts';
import type { TaskScores } from '../evaluation/scores.ts';
import type { EarlyStopping } from './early-stopping.ts';

/** The part of a task in the decision of early stopping. */
export interface Voter {
  readonly task: string;
  readonly metric: string;
  readonly direction: Direction;
  /** The weight of the task in the mean. All shares sum to 1. */
  readonly share: number;
}

/**
 * The tasks that decide, with their metrics.
 *
 * @throws PolytaskError when a task or metric is unknown, or a mean has metrics with different directions
 */
export function votersOf(stopping: EarlyStopping, table: MetricTable): Voter[] {
  const { metric, over, weights } = stopping;
  const tasks = Object.keys(table);
  const checkTask = (task: string, where: string) => {
    if (!Object.hasOwn(table, task))
      fail({ expected: `a task of the model in ${where}`, received: `"${task}"`, fix: suggestion(task, tasks) });
  };
  if (typeof over === 'object') checkTask(over.task, 'earlyStopping.over');
  for (const task of Object.keys(weights ?? {})) checkTask(task, 'earlyStopping.weights');
  if (typeof metric === 'object') for (const task of Object.keys(metric)) checkTask(task, 'earlyStopping.metric');

  const deciding =
    typeof over === 'object' ? [over.task] : weights ? tasks.filter((task) => (weights[task] ?? 0) > 0) : tasks;
  const total = weights ? deciding.reduce((sum, task) => sum + weights[task]!, 0) : deciding.length;
  const voters = deciding.map((task): Voter => {
    const name = typeof metric === 'string' ? metric : metric[task];
    return {
      task,
      metric: name ?? missing(task),
      direction: directionOf(task, name!, table),
      share: (weights?.[task] ?? 1) / total,
    };
  });
  const other = voters.find(({ direction }) => direction !== voters[0]!.direction);
  if (other && over !== 'all') {
    fail({
      expected: 'a mean of metrics that all point in one direction',
      received: `"${voters[0]!.metric}" (${voters[0]!.direction} is better) and "${other.metric}" (${other.direction})`,
      fix: "Pass over: 'all', or one metric for all tasks.",
    });
  }
  return voters;
}

function missing(task: string): never {
  return fail({
    expected: `a metric for task "${task}" in earlyStopping.metric`,
    received: 'none',
    fix: "Name one for each task, or let one decide: over: { task: 'income' }.",
  });
}

function directionOf(task: string, metric: string, table: MetricTable): Direction {
  if (metric === 'loss' || metric === 'normalizedLoss') return 'lower';
  const metrics = table[task]!;
  if (Object.hasOwn(metrics, metric)) return metrics[metric]!.direction;
  return fail({
    expected: `a metric that task "${task}" is validated by, for early stopping`,
    received: `"${metric}"`,
    fix:
      `${suggestion(metric, ['normalizedLoss', 'loss', ...Object.keys(metrics)])} For tasks of different kinds pass ` +
      "metric: 'normalizedLoss', or metric: { income: 'auc', hours: 'rmse' } with over: 'all'.",
  });
}

/** The value of a metric as a number where more is better. NaN stays NaN. */
export const goodness = (direction: Direction, value: number): number =>
  direction === 'higher' ? value : direction === 'lower' ? -value : -Math.abs(value - 1);

/** The value of a voter in the scores of an epoch. */
export const valueFor = ({ task, metric }: Voter, scores: Readonly<Record<string, TaskScores>>): number =>
  scores[task]![metric]!;
