import { commandLine, defineFinding, sum, type Finding } from '@polytask/components';
import { predictionTypeOf, type Task, type Tasks } from '@polytask/core';
import { calibrationsFor } from '@polytask/core/calibration';
import { incompleteBeta } from '@polytask/metrics/internal';
import type { TaskPredictions } from '@polytask/training';
import { meanDifference, type MeanDifference, type ModelRows } from '@polytask/training/internal';
import { formatShare } from '../format.ts';
import { type MeasuredInterval, measuredInterval } from '../training/measured-calibration.ts';

/** What is bad about the probabilities and the intervals of each task. @param rows where the predictions come from */
export const predictionFindings = (
  tasks: Tasks,
  byTask: Readonly<Record<string, TaskPredictions>>,
  rows: ModelRows,
): Finding[] =>
  Object.entries(tasks).flatMap(([name, task]) => [
    ...biasedProbability(name, task, byTask[name]!, rows),
    ...lowCoverage(name, task, byTask[name]!, rows),
  ]);

const calibrate = ({ model, file }: ModelRows, ...choice: readonly string[]) => ({
  says: 'Calibrate on rows like these',
  command: commandLine('polytask', 'calibrate', model, file, ...choice),
});

const furtherTraining = ({ model, file }: ModelRows): string =>
  commandLine('polytask', 'train', file, '--from', model, '--out', `${model}-2`);

export const BIASED_PROBABILITY = 'biased-probability';

const biased = defineFinding<'task', MeanDifference & ModelRows & { calibration: string | undefined }>(
  BIASED_PROBABILITY,
  {
    says: ({ task, predicted, actual }) =>
      `Task ${task}: probabilities are too ${predicted < actual ? 'low' : 'high'}. Their mean is ${predicted.toPrecision(3)}, ` +
      `the share of yes ${actual.toPrecision(3)}, a significant difference.`,
    remedy: ({ calibration, ...rows }) =>
      calibration === undefined
        ? { says: 'Train on rows like these', command: furtherTraining(rows) }
        : calibrate(rows, '--calibration', calibration),
  },
);

/** So many standard errors are more than chance: of three in 1,000 good models they aren't. */
const FAR = 3;

function biasedProbability(name: string, task: Task, predictions: TaskPredictions, rows: ModelRows): Finding[] {
  const { hasMean, isProbability } = predictionTypeOf(task);
  if (!hasMean || !isProbability) return [];
  const means = meanDifference(predictions);
  if (!(Math.abs(means.predicted - means.actual) > FAR * means.standardError)) return [];
  const calibrations = calibrationsFor(task);
  const calibration = calibrations.includes('platt') ? 'platt' : calibrations[0];
  return [biased({ task: name }, { ...means, calibration, ...rows })];
}

export const LOW_COVERAGE = 'low-coverage';

const low = defineFinding<'task', MeasuredInterval & ModelRows & { pValue: number }>(LOW_COVERAGE, {
  says: ({ task, kind, level, coverage }) =>
    `Task ${task}: ${formatShare(coverage)} of the labels are within the ${kind}, significantly less than the promised ` +
    `${formatShare(level)}.`,
  remedy: ({ task, level, ...rows }) => calibrate(rows, '--intervals', `${task}=${level}`),
});

/** Of one in 1,000 models whose intervals hold what they promise, chance gives a smaller p-value. */
const CHANCE = 0.001;

/** The binomial test of the labels within the intervals. ModelRows with different weights count as fewer rows (Kish 1965). */
function lowCoverage(name: string, task: Task, predicted: TaskPredictions, rows: ModelRows): Finding[] {
  const interval = measuredInterval(task, predicted);
  if (!interval || !(interval.coverage < interval.level)) return [];
  const { level, coverage } = interval;
  const size = sum(predicted.weights) ** 2 / sum(predicted.weights, (weight) => weight ** 2);
  const pValue = incompleteBeta(1 - level, size * (1 - coverage), size * coverage + 1); // of at most as many labels
  return pValue < CHANCE ? [low({ task: name }, { ...interval, pValue, ...rows })] : [];
}
