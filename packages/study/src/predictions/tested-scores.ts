import type { Tasks } from '@polytask/core';
import { delongInterval } from '@polytask/metrics';
import { scorePredictions, type PredictionScores, type TaskPredictions } from '@polytask/training';
import { predictionGuards, scoreGuards } from '../guards/guards.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import type { PartPredictions } from './trial-predictions.ts';

/** The part of a result that depends on the predictions on the test rows alone. */
export type TestedScores = Pick<TrialResult, 'metrics' | 'relativeErrors' | 'rowIntervals' | 'warnings'>;

/**
 * The scores of a trial, the intervals of its AUC, and the warnings about its predictions.
 *
 * @param metrics the names of the metrics of each task
 * @param scores by task, with `relativeError`
 */
export function testedScores(
  tasks: Tasks,
  metrics: Readonly<Record<string, readonly string[]>>,
  scores: PredictionScores,
  predictions: PartPredictions['byTask'],
): TestedScores {
  const names = Object.keys(tasks);
  const byTask = <V>(value: (task: string) => V) => Object.fromEntries(names.map((task) => [task, value(task)]));
  const binary = names.filter((task) => tasks[task]!.kind === 'binary' && isEven(predictions[task]!));
  return {
    metrics: byTask((task) =>
      Object.fromEntries((metrics[task] ?? []).map((metric) => [metric, scores[task]![metric] ?? NaN])),
    ),
    relativeErrors: byTask((task) => scores[task]!['relativeError'] ?? NaN),
    rowIntervals: Object.fromEntries(binary.map((task) => [task, { auc: aucInterval(predictions[task]!) }])),
    warnings: [
      ...predictionGuards(byTask((task) => predictions[task]!.predictions)),
      ...scoreGuards(
        names.map((task) => ({
          task,
          kind: tasks[task]!.kind,
          labels: predictions[task]!.labels,
          relativeError: scores[task]!['relativeError'],
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
  { byTask, groups }: PartPredictions,
  metrics: Readonly<Record<string, readonly string[]>>,
): TestedScores => testedScores(tasks, metrics, scorePredictions(tasks, byTask, { metrics, groups }), byTask);

/** Whether all rows have the same weight. */
const isEven = ({ weights }: TaskPredictions): boolean => weights.every((weight) => weight === weights[0]);

/** The interval of an AUC over samples of test rows, by DeLong's method. */
function aucInterval({ labels, predictions }: TaskPredictions): { low: number; high: number } {
  const { low, high } = delongInterval(labels, predictions);
  return { low, high };
}
