import { anything, fail, mapValues, type Options, readOptions, suggestion } from '@polytask/components';
import { labelEncoder, type Task, type Tasks } from '@polytask/core';
import type { GroupArray, Metric } from '@polytask/metrics';
import { metricTable } from './metric-table.ts';
import type { TaskPredictions } from './predictions.ts';
import { NormalizedLoss } from './normalized-loss.ts';
import type { MetricChoice } from './scores.ts';

export interface ScorePredictionsOptions<T extends Tasks = Tasks> {
  /** Metrics that replace the default metrics of some tasks: `{ income: ['auc', 'prAuc'] }`. */
  metrics?: MetricChoice<T> | undefined;
  /** The group of each evaluated row, such as its user, for `gauc` and `ndcg@k`. */
  groups?: GroupArray | undefined;
}

/** The metrics of each task by name, and its `normalizedLoss`. */
export type PredictionScores<T extends Tasks = Tasks> = {
  readonly [Name in keyof T]: Readonly<Record<string, number>>;
};

const allowed: Options<ScorePredictionsOptions> = { metrics: anything, groups: anything };

/**
 * Computes metrics from predictions, without a model. The predictions are those of `evaluate` with `predictions: true`, or of another
 * program. The scores are those that `evaluate` returns, except `loss`, which needs logits.
 *
 * @param predictions by task, for each row with a label
 * @throws PolytaskError when a task has no predictions, or a metric doesn't fit a task
 * @example
 * const { predictions } = await evaluate(model, test, { predictions: true });
 * const scores = scorePredictions(model.schema.tasks, predictions, { metrics: { income: ['prAuc'] } });
 * scores.income.prAuc; // 0.61
 */
export function scorePredictions<T extends Tasks>(
  tasks: T,
  predictions: { readonly [Name in keyof T]: TaskPredictions },
  options: ScorePredictionsOptions<NoInfer<T>> = {},
): PredictionScores<T> {
  readOptions(options, allowed, 'scorePredictions');
  const { metrics, groups } = options;
  const table = metricTable(tasks, metrics, groups !== undefined);
  return mapValues(tasks, (task, name) => {
    if (!Object.hasOwn(predictions, name)) {
      fail({
        expected: `predictions of task "${name}"`,
        received: 'none',
        fix: suggestion(name, Object.keys(predictions)),
      });
    }
    return taskScores(task, predictions[name as keyof T], table[name]!, groups);
  }) as PredictionScores<T>;
}

function taskScores(
  task: Task,
  { rows, labels, predictions, weights }: TaskPredictions,
  metrics: Readonly<Record<string, Metric>>,
  groups: GroupArray | undefined,
): Record<string, number> {
  const own = groups && Array.from(rows, (row) => groups[row]!);
  const relative = new NormalizedLoss(task);
  const encode = labelEncoder(task);
  relative.update(labels.map(encode), predictions.map(encode), weights);
  return {
    normalizedLoss: relative.compute(),
    ...mapValues(metrics, (metric) => metric.create().update(labels, predictions, { weights, groups: own }).compute()),
  };
}
