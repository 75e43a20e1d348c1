import { fail, suggestion, type Task } from '@polytask/core';
import { definedMetrics, findMetric, metrics, type Metric } from '@polytask/metrics';
import type { MetricReference } from './scores.ts';

type Named = Readonly<Record<string, Metric>>;

/** What each kind of task is measured by, by the key in the scores. */
const DEFAULTS: Readonly<Record<Task['kind'], Named>> = {
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

/** What reads the labels of each kind: grades are numbers, so ranking metrics fit two of them. */
const FITTING: Readonly<Record<Task['kind'], readonly Metric['task'][]>> = {
  binary: ['binary', 'ranking'],
  multiclass: ['multiclass'],
  regression: ['regression', 'ranking'],
};

/**
 * The metrics of one task by the keys that its scores will have.
 *
 * @param chosen instead of the defaults of the task's kind
 * @param grouped whether the rows have groups
 * @throws PolytaskError when a metric is unknown, doesn't fit the kind of task, or needs groups and there are none
 */
export function taskMetrics(
  name: string,
  task: Task,
  chosen: readonly MetricReference[] | undefined,
  grouped: boolean,
): Named {
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
    mend: suggestion(String(key), [...Object.keys(metrics), ...definedMetrics().keys()]),
  });
}
