import { type Tasks, predictionTypeOf } from '@polytask/core';
import { isLog, recordOf } from '@polytask/core/internal';
import { measuredAs, type PredictionScores } from '@polytask/training';
import { scorePredictions } from '@polytask/training/internal';
import { predictionGuards, scoreGuards } from '../guards/guards.ts';
import type { TrialResult, PartPredictions } from '../results/trial-result.ts';
import { constantScores } from './constant-scores.ts';
import { rowIntervals } from './row-intervals.ts';

/** The part of a result that depends on the predictions on the test rows alone. */
export type TestedScores = Pick<
  TrialResult,
  'metrics' | 'normalizedLosses' | 'constants' | 'rowIntervals' | 'warnings'
>;

/**
 * The scores of a trial and of a constant prediction, their intervals over test rows, and the warnings about the predictions.
 *
 * @param metrics the names of the metrics of each task
 * @param scores by task, with `normalizedLoss`
 */
export function testedScores(
  tasks: Tasks,
  metrics: Readonly<Record<string, readonly string[]>>,
  scores: PredictionScores,
  part: Pick<PartPredictions, 'byTask' | 'groups'>,
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
      ...predictionGuards(byTask((task) => predictions[task]!.predictions)),
      ...scoreGuards(
        names.map((task) => ({
          task,
          type: predictionTypeOf(tasks[task]!),
          log: isLog(tasks[task]!),
          labels: predictions[task]!.labels,
          normalizedLoss: scores[task]!['normalizedLoss'],
        })),
      ),
    ],
  };
}

/**
 * Computes the scores of a trial from its predictions on the test rows.
 *
 * @param metrics the names of the metrics of each task
 * @throws PolytaskError when a metric doesn't fit its task, or needs groups that the rows don't have
 */
export const scoresOfPart = (
  tasks: Tasks,
  part: PartPredictions,
  metrics: Readonly<Record<string, readonly string[]>>,
): TestedScores =>
  testedScores(tasks, metrics, scorePredictions(tasks, part.byTask, { metrics, groups: part.groups }), part);
