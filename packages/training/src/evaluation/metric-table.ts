import { fail, suggestion, type Task, type Tasks } from '@polytask/core';
import { definedMetrics, findMetric, metrics, type Metric } from '@polytask/metrics';
import type { MetricChoice, MetricReference } from './scores.ts';

/** The metrics of one task, by their key in the scores. `loss` and `relativeError` are not among them. */
type TaskMetrics = Readonly<Record<string, Metric>>;

/** The metrics of all tasks, by task. */
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
      mend: suggestion(name, Object.keys(tasks)),
    });
  }
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, taskMetrics(name, task, chosen[name], grouped)]),
  );
}

/** The default metrics of each kind of task. */
const DEFAULTS: Readonly<Record<Task['kind'], TaskMetrics>> = {
  binary: {
    auc: metrics.auc,
    ne: metrics.ne,
    logLoss: metrics.logLoss,
    calibration: metrics.calibration,
    accuracy: metrics.accuracy,
  },
  multiclass: { accuracy: metrics.multiclassAccuracy, logLoss: metrics.multiclassLogLoss },
  regression: { rmse: metrics.rmse, mae: metrics.mae },
};

/** The kinds of metrics that fit each kind of task. Ranking metrics read grades, which are numbers. */
const FITTING: Readonly<Record<Task['kind'], readonly Metric['task'][]>> = {
  binary: ['binary', 'ranking'],
  multiclass: ['multiclass'],
  regression: ['regression', 'ranking'],
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
  chosen: readonly MetricReference[] | undefined,
  grouped: boolean,
): TaskMetrics {
  if (chosen === undefined) {
    return grouped && task.kind === 'binary' ? { ...DEFAULTS.binary, gauc: metrics.gauc } : DEFAULTS[task.kind];
  }
  if (!Array.isArray(chosen)) {
    fail({
      expected: `a list of metrics for task "${name}"`,
      received: JSON.stringify(chosen) ?? typeof chosen,
      mend: "Pass ['auc', 'ne'].",
    });
  }
  return Object.fromEntries(
    chosen.map((reference: MetricReference) => {
      const key = typeof reference === 'string' ? reference : reference.name;
      const metric = typeof reference === 'string' ? find(name, task, reference) : reference;
      if (!FITTING[task.kind].includes(metric.task)) {
        fail({
          expected: `a metric for the ${task.kind} task "${name}"`,
          received: `"${key}", which is for ${metric.task}`,
          mend: `By default it is measured by ${Object.keys(DEFAULTS[task.kind]).join(', ')}.`,
        });
      }
      if (metric.grouped && !grouped) {
        fail({
          expected: `groups for the metric "${key}" of task "${name}"`,
          received: 'none',
          mend: 'Pass groups, one a row.',
        });
      }
      return [key, metric];
    }),
  );
}

function find(name: string, task: Task, key: string): Metric {
  const own = DEFAULTS[task.kind];
  if (Object.hasOwn(own, key)) return own[key]!;
  if (Object.hasOwn(metrics, key) || definedMetrics().has(key) || /^ndcg@[1-9]\d*$/.test(key)) return findMetric(key);
  return fail({
    expected: `a known metric for task "${name}"`,
    received: JSON.stringify(key) ?? typeof key,
    mend: suggestion(key, [...Object.keys(metrics), ...definedMetrics().keys()]),
  });
}
