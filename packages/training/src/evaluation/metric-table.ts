import { mapValues, recordOf, notKnown, checkKnown } from '@polytask/components';
import { fail, type Task, type Tasks, predictionTypeOf, type PredictionType, kindOf, lossOf } from '@polytask/core';
import {
  allMetrics,
  findMetric,
  type Metric,
  type DefinedMetrics,
  type GroupArray,
  type MetricName,
} from '@polytask/metrics';
import { metricNamed } from '@polytask/metrics/internal';

/** A metric, or its name in `@polytask/metrics` or in `defineMetric`. */
export type MetricReference =
  | MetricName
  | `ndcg@${number}`
  | `${'pinball' | 'pinballRatio' | 'coverage' | 'survivalRatio'}@${string}`
  | keyof DefinedMetrics
  | Metric;

/** Metrics that replace the default metrics of some tasks. Where the type of the tasks is unknown, any text may be a name. */
export type MetricChoice<T extends Tasks = Tasks> = {
  readonly [K in keyof T]?: readonly (MetricReference | (string extends keyof T ? string : never))[];
};

export type DefaultMetrics = Record<never, never>;

interface DefaultKeys {
  binary: 'auc' | 'ne' | 'logLoss' | 'calibration' | 'accuracy';
  multiclass: 'accuracy' | 'logLoss';
  regression: 'rmse' | 'mae';
}

type GroupedKeys<K extends Task, G> = G extends GroupArray ? (K['kind'] extends 'binary' ? 'gauc' : never) : never;

type KeysOf<Chosen> = Chosen extends readonly (infer R)[]
  ? R extends string
    ? R
    : R extends Metric
      ? string
      : never
  : never;

type TaskKeys<K extends Task, Chosen, G> = [Chosen] extends [readonly (string | Metric)[]]
  ? KeysOf<Chosen>
  : (K['kind'] extends keyof DefaultKeys ? DefaultKeys[K['kind']] : string) | GroupedKeys<K, G>;

/** Rows may carry groups, which no type says. */
type Carried<K extends Task, Chosen> = [Chosen, K['kind']] extends [undefined, 'binary']
  ? { readonly gauc?: number }
  : unknown;

type ChosenFor<M, Name> = Name extends keyof M ? M[Name] : undefined;

/**
 * The metrics of one task by name, its mean `loss`, and its `normalizedLoss`. The normalized loss is NE for a binary task, and log
 * loss over the entropy of the shares for classes. For a regression it is RMSE over the standard deviation of the labels. A
 * metric is NaN where it isn't defined, such as the AUC of one class.
 */
export type TaskScores<Keys extends string = string> = { readonly [Name in Keys | 'loss' | 'normalizedLoss']: number };

/**
 * Metrics by task. The type has the default metrics of each task's kind, or the chosen metrics of the task. When the type of the
 * tasks is unknown, any key is a number.
 *
 * | kind | default metrics |
 * |---|---|
 * | all | `loss`, the training loss (of a regression in standard deviations), and `normalizedLoss` |
 * | binary | `auc`, `ne`, `logLoss`, `calibration`, `accuracy`; `gauc` when groups are given, or the rows carry them |
 * | multiclass | `accuracy`, `logLoss` |
 * | regression | `rmse`, `mae`, in the label's own unit |
 */
export type Scores<T extends Tasks = Tasks, M = DefaultMetrics, G = undefined> = string extends keyof T
  ? Readonly<Record<string, TaskScores>>
  : {
      readonly [Name in keyof T]: TaskScores<TaskKeys<T[Name], ChosenFor<M, Name>, G>> &
        Carried<T[Name], ChosenFor<M, Name>>;
    };

/**
 * The metric of a task's normalized loss, in the encoding that the model is trained on: the error over that of the best constant
 * prediction. 0 is perfect, and 1 no better.
 */
export function normalizedMetric(task: Task): Metric {
  const { measuredAs, names, normalizedLoss } = predictionTypeOf(task);
  return findMetric(normalizedLoss(names), measuredAs);
}

/** The weights of rows in a task's normalized loss: positive rows also count by `positiveWeight`. @param labels the encoded labels */
export function normalizedWeights<W extends Float32Array | Float64Array>(
  task: Task,
  labels: ArrayLike<number>,
  weights: W,
): W {
  const { positiveWeight: positive = 1 } = lossOf(task).config as { positiveWeight?: number };
  if (positive === 1) return weights;
  return weights.map((weight, row) => (labels[row] === 1 ? weight * positive : weight)) as W;
}

type TaskMetrics = Readonly<Record<string, Metric>>;

export type MetricTable = Readonly<Record<string, TaskMetrics>>;

/** The metrics of each task's scores. @throws PolytaskError when a task or metric is unknown, or they don't fit each other */
export function metricTable(tasks: Tasks, chosen: MetricChoice = {}, grouped = false): MetricTable {
  for (const name of Object.keys(chosen)) checkKnown(name, Object.keys(tasks), 'tasks of the model in metrics');
  return mapValues(tasks, (task, name) => taskMetrics(name, task, chosen[name], grouped));
}

export type MeasuredAs = PredictionType['measuredAs'];

/**
 * What a task is measured as: the `task` of the metrics that fit its predictions.
 *
 * @example measuredAs(multiclass({ classes: ['a', 'b'] })) // 'multiclass'
 */
export const measuredAs = (task: Task): MeasuredAs => predictionTypeOf(task).measuredAs;

const defaultsOf = (task: Task): TaskMetrics =>
  recordOf(kindOf(task).metrics, (name) => {
    const metric = findMetric(name, measuredAs(task));
    if (fits(task, metric)) return metric;
    return fail({
      expected: `metrics for ${measuredAs(task)} predictions in the definition of ${task.kind} tasks`,
      received: `"${name}", which is for ${metric.task}`,
      fix: 'Name others in `metrics`, or define one: defineMetric({ task, … }).',
    });
  });

const fits = (task: Task, metric: Metric): boolean => {
  const { isGraded, measuredAs: measured } = predictionTypeOf(task);
  return metric.task === measured || (metric.task === 'ranking' && isGraded === true);
};

function taskMetrics(
  name: string,
  task: Task,
  chosen: readonly (string | Metric)[] | undefined,
  grouped: boolean,
): TaskMetrics {
  if (chosen === undefined) {
    const own = defaultsOf(task);
    return grouped && predictionTypeOf(task).hasDecision ? { ...own, gauc: findMetric('gauc') } : own;
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
  notKnown(key, new Set(allMetrics().map((metric) => metric.name)), `a known metric for task "${name}"`);
