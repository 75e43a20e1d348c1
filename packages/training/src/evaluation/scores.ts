import type { Task, Tasks } from '@polytask/core';
import type { DefinedMetrics, GroupArray, Metric, MetricName } from '@polytask/metrics';

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

/** No choice: the default metrics. */
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
