import { checkOptions, checks, type MultiTaskModel, type Options, type Tasks } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import { chooseEngine, type EngineChoice } from '../engines/choose-engine.ts';
import { anything } from '../option-checks.ts';
import type { Rows } from '../rows/rows.ts';
import { checkExamples } from './check-examples.ts';
import { checkGroups, DEFAULT_BATCH, measure } from './measure.ts';
import { metricTable } from './metric-table.ts';
import { PredictionCollector, type Evaluation } from './predictions.ts';
import type { DefaultMetrics, MetricChoice, Scores } from './scores.ts';

export interface EvaluateOptions<T extends Tasks = Tasks, M = DefaultMetrics, G = undefined, P = boolean> {
  /** Metrics for some tasks, instead of the default ones of their kind: `{ income: ['auc', 'prAuc'] }`. */
  metrics?: M & MetricChoice<T>;
  /** The group of each row (user, session), for `gauc` and `ndcg@k`. */
  groups?: G & (GroupArray | undefined);
  /** Returns the predictions too, as `{ scores, predictions }`. They take 20 bytes or more a row and task. Default false. */
  predictions?: P & (boolean | undefined);
  /** Rows a forward pass; no effect on the result beyond rounding. Default 4096. */
  batchSize?: number;
  /** Rejects with its reason when it is aborted. */
  signal?: AbortSignal | undefined;
  engine?: EngineChoice | undefined;
}

const allowed: Options<EvaluateOptions> = {
  metrics: anything,
  groups: anything,
  predictions: checks.optional(checks.flag),
  batchSize: checks.optional(checks.wholeNumber(1)),
  signal: anything,
  engine: anything,
};

/**
 * The metrics of each task over all rows, in memory or streamed. Sample weights count; rows whose label is missing (weight 0) don't.
 *
 * @returns `scores[task][metric]`, typed by the kinds of the tasks; `loss` is the task's mean loss, weighted by rows.
 * NaN where a metric isn't defined: no labeled row, or the AUC of one class. With `predictions: true`, an
 * {@link Evaluation}: the scores, and for each task the labels, predictions and weights of its labeled rows
 * @throws PolytaskError when the rows don't fit the model, a metric doesn't fit a task, or an output isn't finite
 * @example
 * const scores = await evaluate(model, test);
 * scores.income.auc; // 0.947
 * @example
 * const { predictions } = await evaluate(model, test, { predictions: true });
 * predictions.income.predictions[0]; // 0.12: the probability of yes for row predictions.income.rows[0]
 */
export async function evaluate<
  T extends Tasks,
  const M extends MetricChoice<T> = DefaultMetrics,
  G extends GroupArray | undefined = undefined,
  const P extends boolean | undefined = undefined,
>(
  model: MultiTaskModel<T>,
  examples: Rows<T>,
  options: EvaluateOptions<T, M, G, P> = {},
): Promise<P extends true ? Evaluation<Scores<T, M, G>, T> : Scores<T, M, G>> {
  const { batchSize = DEFAULT_BATCH, signal, groups } = options;
  checkOptions(options, allowed, 'evaluate');
  checkExamples(model, examples, 'the rows to evaluate');
  if (examples.size !== undefined) checkGroups(groups, examples.size);
  const metrics = metricTable(model.schema.tasks, options.metrics, groups !== undefined);
  const scorer = await chooseEngine(options.engine).score(model);
  const collectors = options.predictions
    ? Object.fromEntries(model.taskNames.map((task) => [task, new PredictionCollector()]))
    : undefined;
  try {
    const scores = await measure(scorer, model, examples, { metrics, groups, batchSize, signal, collectors });
    const predictions =
      collectors && Object.fromEntries(Object.entries(collectors).map(([task, each]) => [task, each.collected()]));
    return (predictions ? { scores, predictions } : scores) as P extends true
      ? Evaluation<Scores<T, M, G>, T>
      : Scores<T, M, G>;
  } finally {
    await scorer.close();
  }
}
