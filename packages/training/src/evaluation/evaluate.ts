import {
  anything,
  flag,
  optional,
  type Options,
  readOptions,
  fail,
  mapValues,
  suggestion,
  recordOf,
  wholeNumber,
  type FromDescription,
  type Option,
  type Written,
} from '@polytask/components';
import {
  type MultiTaskModel,
  type Tasks,
  labelEncoder,
  type Task,
  WeightTotals,
  type LevelReport,
} from '@polytask/core';
import { type GroupArray, type Metric, gateStatistics, type UnitGate, type Utilization } from '@polytask/metrics';
import { chooseEngine, type EngineChoice } from '../engines/choose-engine.ts';
import { haveGroups, type RowSource, evaluationBatches } from '../rows/rows.ts';
import { checkExamples } from './check-examples.ts';
import { checkGroups, measure, type Evaluation, type TaskPredictions, DEFAULT_BATCH } from './measure.ts';
import {
  metricTable,
  normalizedMetric,
  normalizedWeights,
  type DefaultMetrics,
  type MetricChoice,
  type Scores,
} from './metric-table.ts';
import { createYielder } from '../event-loop.ts';

export const passOptions = {
  /** Rows in a forward pass. The size changes the result by rounding only. */
  batchSize: optional(wholeNumber(1), DEFAULT_BATCH),
  /** Aborts the evaluation, which then rejects with the reason of the signal. */
  signal: optional(anything as Option<AbortSignal>),
  /** The engine of the forward passes. */
  engine: optional(anything as Option<EngineChoice>, 'auto'),
};

export interface EvaluateGatesOptions extends Written<typeof passOptions>, FromDescription {}

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
  const encode = labelEncoder(task);
  const encoded = labels.map((label) => Math.fround(encode(label))); // as in a batch
  const relative = normalizedMetric(task).create();
  relative.update(encoded, predictions.map(encode), { weights: normalizedWeights(task, encoded, weights) });
  return {
    normalizedLoss: relative.compute(),
    ...mapValues(metrics, (metric) => metric.create().update(labels, predictions, { weights, groups: own }).compute()),
  };
}

/** Statistics of the gates of one fusion level. Each list has a number for each of `experts`. */
export interface GateUse {
  /** The experts, as columns of W, with the names `unit.index`. */
  readonly experts: readonly string[];
  /** The mean of W over the rows, with the parts of the gates and of constants apart. */
  readonly weights: LevelReport;
  /** The statistics of each output of the level: its weights, their entropy, and the use of the experts. */
  readonly units: Readonly<Record<string, Omit<UnitGate, 'variation'>>>;
  /** The statistics of all outputs together, with equal weights. */
  readonly overall: Omit<Utilization, 'variation'>;
}

/**
 * Measures how the gates of a model use their experts. For each level, the report has the entropy and the utilization of the
 * fusion weights W, as `gateStatistics` of `@polytask/metrics` defines them. W contains the gates and the constant part. Labels
 * are not read.
 *
 * @param rows rows in memory, or a stream of rows
 * @returns one report for each level, from the first to the last
 * @throws PolytaskError when the rows don't fit the model
 * @example
 * const [first] = await evaluateGates(model, test);
 * first.units.click.entropy; // 0: each row takes one expert; log(4): each takes all four alike
 * first.units.click.effectiveExperts; // 1: one expert does all; 4: all four do the same
 * first.overall.shares; // [0.31, 0.22, 0.47, 0]: the last expert is of no use
 */
export async function evaluateGates<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: RowSource<T>,
  options: EvaluateGatesOptions = {},
): Promise<GateUse[]> {
  const { batchSize, signal, engine } = readOptions(options, passOptions, 'evaluateGates');
  checkExamples(model, rows, 'the rows to evaluate');
  const { levels } = model.network;
  if (levels.length === 0) return [];
  const totals = levels.map((level) => new WeightTotals(level));
  const gates = levels.map(({ outputs, experts }) =>
    gateStatistics({ units: outputs.length, experts: experts.length }),
  );
  const yieldToEventLoop = createYielder();
  const scorer = await chooseEngine(engine).score(model);
  try {
    for await (const batch of evaluationBatches(rows, batchSize, [])) {
      signal?.throwIfAborted();
      const weights = await scorer.weights(batch);
      weights.forEach((numbers, l) => {
        const whole = totals[l]!.add(numbers, batch.size);
        if (whole) gates[l]!.update(whole);
      });
      await yieldToEventLoop();
    }
  } finally {
    await scorer.close();
  }
  return levels.map(({ outputs, experts }, l) => {
    const { units, overall } = gates[l]!.compute();
    return {
      experts: experts.map(({ unit, index }) => `${unit}.${index}`),
      weights: totals[l]!.report(),
      units: recordOf(outputs, (_, u) => withoutVariation(units[u]!)),
      overall: withoutVariation(overall),
    };
  });
}

/** Removes `variation`, which counts a masked expert as an unused expert. */
const withoutVariation = <U extends Utilization>({ variation: _, ...rest }: U): Omit<U, 'variation'> => rest;
