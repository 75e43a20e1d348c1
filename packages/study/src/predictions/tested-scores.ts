import { defineFinding, type Finding, mapValues, recordOf } from '@polytask/components';
import { predictionTypeOf, isLog, signedLog, signedExp, type Task, type Tasks } from '@polytask/core';
import {
  delongInterval,
  findMetric,
  isBetter,
  jackknifeInterval,
  meanInterval,
  wilsonInterval,
  type GroupArray,
  type MetricTask,
} from '@polytask/metrics';
import { weightedMean } from '@polytask/metrics/internal';
import { normalizedMetric, type PredictionScores, scorePredictions, type TaskPredictions } from '@polytask/training';
import { type JudgedModel, judgeTask, measuredAs, undefinedScore } from '@polytask/training/internal';
import type { TrialResult, PartPredictions } from '../results/trial-result.ts';

/** The part of a result that depends on the predictions on the test rows alone. */
export type TestedScores = Pick<
  TrialResult,
  'metrics' | 'normalizedLosses' | 'constants' | 'rowIntervals' | 'warnings'
>;

/**
 * The scores of a trial and of a constant prediction, their intervals over test rows, and the warnings about the predictions.
 *
 * @param scores by task, with `normalizedLoss`. Default: those of the predictions
 * @param model for the remedies of the warnings
 * @throws PolytaskError when a metric doesn't fit its task, or needs groups that the rows don't have
 */
export function scoresOfPart(
  tasks: Tasks,
  part: Pick<PartPredictions, 'byTask' | 'groups'>,
  metrics: Readonly<Record<string, readonly string[]>>,
  scores: PredictionScores = scorePredictions(tasks, part.byTask, { metrics, groups: part.groups }),
  model?: JudgedModel,
): TestedScores {
  const { byTask: predictions, groups } = part;
  const names = Object.keys(tasks);
  const byTask = <V>(value: (task: string) => V) => recordOf(names, value);
  const measured = byTask((task) => recordOf(metrics[task] ?? [], (metric) => scores[task]![metric] ?? NaN));
  return {
    metrics: measured,
    normalizedLosses: byTask((task) => scores[task]!['normalizedLoss'] ?? NaN),
    constants: constantScores(tasks, metrics, part),
    rowIntervals: byTask((task) => rowIntervals(measuredAs(tasks[task]!), measured[task]!, predictions[task]!, groups)),
    warnings: [
      ...names.flatMap((name) => {
        const held = { predicted: predictions[name]!, normalizedLoss: scores[name]!['normalizedLoss'] ?? NaN };
        return [
          ...oneClass(name, tasks[name]!, held.predicted),
          ...judgeTask(name, tasks[name]!, undefined, held, model),
        ];
      }),
      ...equalPredictions(predictions),
    ],
  };
}

function oneClass(name: string, task: Task, { labels }: TaskPredictions): Finding[] {
  const isOne = labels.every((label) => label === labels[0]);
  return predictionTypeOf(task).hasDecision && isOne ? [undefinedScore({ task: name, part: 'test' }, {})] : [];
}

const equal = /* @__PURE__ */ defineFinding<never, { tasks: readonly [string, string] }>('equal-predictions', {
  says: ({ tasks }) => `Tasks ${tasks.join(' and ')} have the same prediction for every test row.`,
});

/** Predictions that differ by less count as equal: a float32 has 24 bits. */
const SAME = 1e-6;

/** Two tasks with equal predictions, which aren't all one number: one may read the head of the other. */
function equalPredictions(byTask: Readonly<Record<string, TaskPredictions>>): Finding[] {
  const isSame = (a: number, b: number) => Math.abs(a - b) <= SAME * Math.max(1, Math.abs(a));
  const all = Object.entries(byTask)
    .map(([task, { predictions }]) => ({ task, predictions }))
    .filter(({ predictions }) => predictions.some((value) => !isSame(predictions[0]!, value)));
  return all.flatMap(({ task, predictions }, i) =>
    all
      .slice(i + 1)
      .filter(({ predictions: { length } }) => length === predictions.length)
      .filter((other) => predictions.every((value, row) => isSame(value, other.predictions[row]!)))
      .map((other) => equal({}, { tasks: [task, other.task] })),
  );
}

/**
 * The metrics of a constant prediction: the base rate, the class shares or the mean of these rows' labels. With `log`, the better one of the
 * mean and the mean of the logarithms.
 */
export function constantScores(
  tasks: Tasks,
  metrics: Readonly<Record<string, readonly string[]>>,
  { byTask, groups }: Pick<PartPredictions, 'byTask' | 'groups'>,
): NonNullable<TrialResult['constants']> {
  return mapValues(tasks, (task, name) => {
    const own = metrics[name] ?? [];
    const tried = constantsOf(task, byTask[name]!).map((predictions) => {
      const scored = { [name]: { ...byTask[name]!, predictions } };
      return scorePredictions({ [name]: task }, scored, { metrics: { [name]: [...own] }, groups })[name]!;
    });
    return recordOf(own, (metric) => best(metric, tried));
  });
}

function best(metric: string, scores: readonly Readonly<Record<string, number>>[]): number {
  const { direction } = findMetric(metric);
  return scores.map((values) => values[metric] ?? NaN).reduce((a, b) => (isBetter(direction, b, a) ? b : a), NaN);
}

function constantsOf(task: Task, { labels, weights }: TaskPredictions): Float64Array[] {
  const width = Math.max(1, predictionTypeOf(task).names.length);
  const constant = normalizedMetric(task).constant?.(labels, weights, width);
  const constants = constant ? [constant] : [];
  if (isLog(task) && width === 1) constants.push([signedExp(weightedMean(labels, weights, signedLog))]);
  return constants.map((row) => Float64Array.from({ length: labels.length * width }, (_, i) => row[i % width]!));
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

type IntervalOf = (value: number, predicted: TaskPredictions) => Bounds;

/** The interval of a root mean squared error: that of the mean of the squared errors, Student's t. */
const rootMeanSquare =
  (of: (value: number) => number): IntervalOf =>
  (_, { labels, predictions }) => {
    const { low, high } = meanInterval(labels.map((label, row) => (of(predictions[row]!) - of(label)) ** 2));
    return { low: Math.sqrt(Math.max(0, low)), high: Math.sqrt(high) };
  };

const share: IntervalOf = (value, { labels }) => wilsonInterval(value, labels.length);

/** Intervals that are exact or cheaper than the jackknife, for rows of one weight. Any other metric has that of the jackknife. */
const INTERVALS: Readonly<Record<string, IntervalOf>> = {
  'binary auc': (_, { labels, predictions }) => delongInterval(labels, predictions),
  'binary accuracy': share,
  'multiclass accuracy': share,
  'regression rmse': rootMeanSquare((value) => value),
  'regression rmsle': rootMeanSquare(signedLog),
};

/** The 95% intervals of a task's metrics over samples of test rows; of a metric within groups, over samples of groups. */
export function rowIntervals(
  task: MetricTask,
  scores: Readonly<Record<string, number>>,
  predicted: TaskPredictions,
  groups?: GroupArray,
): Record<string, Bounds> {
  const { labels, predictions, rows, weights } = predicted;
  if (weights.length === 0) return {};
  const areEqual = weights.every((weight) => weight === weights[0]);
  const own = groups && Array.from(rows, (row) => groups[row]!);
  const byBlocks = (name: string): Bounds => {
    const metric = findMetric(name, task);
    return jackknifeInterval(metric, labels, predictions, { weights, groups: metric.grouped ? own : undefined });
  };
  return mapValues(scores, (value, metric) => {
    const { low, high } = (areEqual && INTERVALS[`${task} ${metric}`]?.(value, predicted)) || byBlocks(metric);
    return { low, high };
  });
}
