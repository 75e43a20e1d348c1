import { anything, flag, optional, type Options, readOptions } from '@polytask/components';
import type { MultiTaskModel, Tasks } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import { chooseEngine } from '../engines/choose-engine.ts';
import { haveGroups, type RowSource } from '../rows/rows.ts';
import { checkExamples } from './check-examples.ts';
import { passOptions, type EvaluateGatesOptions } from './evaluate-gates.ts';
import { checkGroups, measure, type Evaluation } from './measure.ts';
import { metricTable, type DefaultMetrics, type MetricChoice, type Scores } from './metric-table.ts';

export interface EvaluateOptions<
  T extends Tasks = Tasks,
  M = DefaultMetrics,
  G = undefined,
  P = boolean,
> extends EvaluateGatesOptions {
  /** Metrics that replace the default metrics of some tasks: `{ income: ['auc', 'prAuc'] }`. */
  metrics?: M & MetricChoice<T>;
  /** The group of each row, such as its user, for `gauc` and `ndcg@k`. Default: the groups that the rows carry, if they do. */
  groups?: G & (GroupArray | undefined);
  /** Also returns the predictions, as `{ scores, predictions }`. A prediction takes 20 bytes or more. Default false. */
  predictions?: P & (boolean | undefined);
}

const description = {
  ...passOptions,
  metrics: anything,
  groups: anything,
  predictions: optional(flag),
} satisfies Options<EvaluateOptions>;

/**
 * Computes the metrics of each task over all rows. Rows count by their sample weight, and a row without a label (weight 0)
 * doesn't count.
 *
 * @param examples rows in memory, or a stream of rows
 * @returns `scores[task][metric]`, typed by the kinds of the tasks. `loss` is the weighted mean loss of the task. A metric is NaN
 *   where it isn't defined, such as the AUC of one class. With `predictions: true`, an {@link Evaluation}: the scores, and for
 *   each task the labels, predictions and weights of its labeled rows
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
  examples: RowSource<T>,
  options: EvaluateOptions<T, M, G, P> = {},
): Promise<P extends true ? Evaluation<Scores<T, M, G>, T> : Scores<T, M, G>> {
  const { batchSize, signal, engine } = readOptions(options, description, 'evaluate');
  const { groups } = options;
  checkExamples(model, examples, 'the rows to evaluate');
  if (examples.size !== undefined) checkGroups(groups, examples.size);
  const { tasks } = model.schema;
  const metrics = metricTable(tasks, options.metrics, groups !== undefined || haveGroups(examples, tasks));
  const scorer = await chooseEngine(engine).score(model);
  try {
    const collects = options.predictions;
    const measured = await measure(scorer, model, examples, { metrics, groups, batchSize, signal, collects });
    return (collects ? measured : measured.scores) as P extends true ? Evaluation<Scores<T, M, G>, T> : Scores<T, M, G>;
  } finally {
    await scorer.close();
  }
}
