import { recordOf } from '@polytask/components';
import { fail, suggestion, predictionTypeOf, kindOf, type Task, type Tasks, type PredictionType } from '@polytask/core';
import { allMetrics, findMetric, type Metric } from '@polytask/metrics';
import { metricNamed } from '@polytask/metrics/internal';
import type { MetricChoice } from './scores.ts';

/** The metrics of one task, by their key in the scores. `loss` and `normalizedLoss` are not among them. */
type TaskMetrics = Readonly<Record<string, Metric>>;

export type MetricTable = Readonly<Record<string, TaskMetrics>>;

/**
 * The metrics that the scores of each task contain.
 *
 * @param chosen metrics that replace the default metrics of some tasks
 * @param grouped whether the rows have groups
 * @throws PolytaskError when a task or metric is unknown, or they don't fit each other
 */
export function metricTable(tasks: Tasks, chosen: MetricChoice = {}, grouped = false): MetricTable {
  for (const name of Object.keys(chosen)) {
    if (Object.hasOwn(tasks, name)) continue;
    fail({
      expected: 'metrics for tasks of the model',
      received: `a task "${name}"`,
      fix: suggestion(name, Object.keys(tasks)),
    });
  }
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, taskMetrics(name, task, chosen[name], grouped)]),
  );
}

/** The `task` of the metrics that fit a prediction. */
export type MeasuredAs = PredictionType['measuredAs'];

/**
 * What a task is measured as: the `task` of the metrics that fit its predictions.
 *
 * @example measuredAs(multiclass({ classes: ['a', 'b'] })) // 'multiclass'
 */
export const measuredAs = (task: Task): MeasuredAs => predictionTypeOf(task).measuredAs;

const defaultsOf = (task: Task): TaskMetrics =>
  recordOf(kindOf(task).metrics, (name) => findMetric(name, measuredAs(task)));

/** The kinds of metrics that fit. Ranking metrics read grades, which are numbers. */
const fits = (task: Task, metric: Metric): boolean => {
  const measured = measuredAs(task);
  return (
    metric.task === measured || (metric.task === 'ranking' && (measured === 'binary' || measured === 'regression'))
  );
};

/**
 * The metrics of one task.
 *
 * @param chosen metrics that replace the default metrics
 * @param grouped whether the rows have groups
 * @throws PolytaskError when a metric is unknown, doesn't fit the kind of task, or needs groups that the rows don't have
 */
function taskMetrics(
  name: string,
  task: Task,
  chosen: readonly (string | Metric)[] | undefined,
  grouped: boolean,
): TaskMetrics {
  if (chosen === undefined) {
    const own = defaultsOf(task);
    return grouped && measuredAs(task) === 'binary' ? { ...own, gauc: findMetric('gauc') } : own;
  }
  if (!Array.isArray(chosen)) {
    fail({
      expected: `a list of metrics for task "${name}"`,
      received: JSON.stringify(chosen) ?? typeof chosen,
      fix: "Pass ['auc', 'ne'].",
    });
  }
  return Object.fromEntries(
    chosen.map((reference: string | Metric) => {
      const metric = typeof reference === 'string' ? find(name, task, reference) : reference;
      const key = metric.name;
      if (!fits(task, metric)) {
        fail({
          expected: `a metric for the ${task.kind} task "${name}"`,
          received: `"${key}", which is for ${metric.task}`,
          fix: `By default it is measured by ${kindOf(task).metrics.join(', ')}.`,
        });
      }
      if (metric.grouped && !grouped) {
        fail({
          expected: `groups for the metric "${key}" of task "${name}"`,
          received: 'none',
          fix: 'Name their column where the rows are read: groups: "user_id". Or pass evaluate one for each row, as groups.',
        });
      }
      return [key, metric];
    }),
  );
}

const find = (name: string, task: Task, key: string): Metric =>
  metricNamed(key, measuredAs(task)) ??
  fail({
    expected: `a known metric for task "${name}"`,
    received: JSON.stringify(key) ?? typeof key,
    fix: suggestion(key, [...new Set(allMetrics().map((metric) => metric.name))]),
  });
