import { labelOf, predictionOf, type Task, type Tasks } from '@polytask/core';
import { mapValues, recordOf, signedExp, signedLog } from '@polytask/core/internal';
import { findMetric, isBetter, survivalShares } from '@polytask/metrics';
import { weightedQuantiles } from '@polytask/metrics/internal';
import type { TaskPredictions } from '@polytask/training';
import { cutPoints, quantileLevels, scorePredictions } from '@polytask/training/internal';
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

/** Whether a bit mask of labels has label `index`. */
const hasLabel = (mask: number, index: number): boolean => ((mask >> index) & 1) === 1;

/** The constant predictions to try, each for all rows. */
function constantsOf(task: Task, { labels, weights }: TaskPredictions): Float64Array[] {
  const mean = (value: (label: number) => number) => {
    let [sum, total] = [0, 0];
    for (let row = 0; row < labels.length; row++) {
      sum += weights[row]! * value(labels[row]!);
      total += weights[row]!;
    }
    return total > 0 ? sum / total : 0;
  };
  const constant = (value: number) => new Float64Array(labels.length).fill(value);
  const repeated = (row: readonly number[]) =>
    Float64Array.from({ length: labels.length * row.length }, (_, i) => row[i % row.length]!);
  const [levels, cuts] = [quantileLevels(task), cutPoints(task)];
  if (levels.length > 0) return [repeated(weightedQuantiles(labels, weights, levels))];
  if (cuts.length > 0) return [repeated(survivalShares(labels, weights, cuts))];
  const prediction = predictionOf(task);
  if ('names' in prediction) {
    const has = prediction.type === 'labels' ? hasLabel : (label: number, index: number) => label === index;
    const shares = prediction.names.map((_, index) => mean((label) => Number(has(label, index))));
    return [repeated(shares)];
  }
  const label = labelOf(task);
  const plain = constant(mean((each) => each));
  return label.type === 'number' && label.log ? [plain, constant(signedExp(mean(signedLog)))] : [plain];
}
