import { type Task, type Tasks, predictionTypeOf } from '@polytask/core';
import { isLog, mapValues, recordOf, signedExp, signedLog } from '@polytask/core/internal';
import { findMetric, isBetter } from '@polytask/metrics';
import { weightedMean } from '@polytask/metrics/internal';
import type { TaskPredictions } from '@polytask/training';
import { normalizedMetric, scorePredictions } from '@polytask/training/internal';
import type { TrialResult, PartPredictions } from '../results/trial-result.ts';

/**
 * The metrics of a constant prediction, by task and metric: the base rate, the class shares or the mean of these rows' labels. With `log`,
 * each metric takes the better one of the mean and the mean of the logarithms.
 *
 * @param metrics the names of the metrics of each task
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

/** The constant predictions to try, each for all rows. */
function constantsOf(task: Task, { labels, weights }: TaskPredictions): Float64Array[] {
  const width = Math.max(1, predictionTypeOf(task).names.length);
  const constants = [normalizedMetric(task).constant!(labels, weights, width)];
  if (isLog(task) && width === 1) constants.push([signedExp(weightedMean(labels, weights, signedLog))]);
  return constants.map((row) => Float64Array.from({ length: labels.length * width }, (_, i) => row[i % width]!));
}
