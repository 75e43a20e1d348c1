import { checkOptions, checks, type MultiTaskModel, type Options, type Tasks } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import { chooseEngine, type EngineChoice } from '../engines/choose-engine.ts';
import { anything } from '../option-checks.ts';
import type { Rows } from '../rows/rows.ts';
import { checkExamples } from './check-examples.ts';
import { checkGroups, DEFAULT_BATCH, measure } from './measure.ts';
import { metricTable } from './metric-table.ts';
import type { DefaultMetrics, MetricChoice, Scores } from './scores.ts';

export interface EvaluateOptions<T extends Tasks = Tasks, M = DefaultMetrics, G = undefined> {
  /** Metrics for some tasks, instead of the default ones of their kind: `{ income: ['auc', 'prAuc'] }`. */
  metrics?: M & MetricChoice<T>;
  /** The group of each row (user, session), for `gauc` and `ndcg@k`. */
  groups?: G & (GroupArray | undefined);
  /** Rows a forward pass; no effect on the result beyond rounding. Default 4096. */
  batchSize?: number;
  /** Rejects with its reason when it is aborted. */
  signal?: AbortSignal | undefined;
  engine?: EngineChoice | undefined;
}

const allowed: Options<EvaluateOptions> = {
  metrics: anything,
  groups: anything,
  batchSize: checks.optional(checks.wholeNumber(1)),
  signal: anything,
  engine: anything,
};

/**
 * The metrics of each task over all rows, in memory or streamed. Sample weights count; rows whose label is missing (weight 0) don't.
 *
 * @returns `scores[task][metric]`, typed by the kinds of the tasks; `loss` is the task's mean loss, weighted by rows.
 * NaN where a metric isn't defined: no labelled row, or the AUC of one class
 * @throws PolytaskError when the rows don't fit the model, a metric doesn't fit a task, or an output isn't finite
 * @example
 * const scores = await evaluate(model, test);
 * scores.income.auc; // 0.947
 */
export async function evaluate<
  T extends Tasks,
  const M extends MetricChoice<T> = DefaultMetrics,
  G extends GroupArray | undefined = undefined,
>(model: MultiTaskModel<T>, examples: Rows<T>, options: EvaluateOptions<T, M, G> = {}): Promise<Scores<T, M, G>> {
  const { batchSize = DEFAULT_BATCH, signal, groups } = options;
  checkOptions(options, allowed, 'evaluate');
  checkExamples(model, examples, 'the rows to evaluate');
  if (examples.size !== undefined) checkGroups(groups, examples.size);
  const metrics = metricTable(model.schema.tasks, options.metrics, groups !== undefined);
  const scorer = await chooseEngine(options.engine).score(model);
  try {
    return (await measure(scorer, model, examples, { metrics, groups, batchSize, signal })) as Scores<T, M, G>;
  } finally {
    await scorer.close();
  }
}
