import { decodeLabel, encodeLabel, type Task, type Tasks } from '@polytask/core';
import { findMetric, isBetter } from '@polytask/metrics';
import { scorePredictions, type TaskPredictions } from '@polytask/training';
import type { TrialResult } from '../trials/trial-result.ts';
import type { PartPredictions } from './trial-predictions.ts';

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
  return Object.fromEntries(
    Object.entries<Task>(tasks).map(([name, task]) => {
      const own = metrics[name] ?? [];
      const tried = constantsOf(task, byTask[name]!).map((predictions) => {
        const scored = { [name]: { ...byTask[name]!, predictions } };
        return scorePredictions({ [name]: task }, scored, { metrics: { [name]: [...own] }, groups })[name]!;
      });
      return [name, Object.fromEntries(own.map((metric) => [metric, best(metric, tried)]))];
    }),
  );
}

function best(metric: string, scores: readonly Readonly<Record<string, number>>[]): number {
  const { direction } = findMetric(metric);
  return scores.map((values) => values[metric] ?? NaN).reduce((a, b) => (isBetter(direction, b, a) ? b : a), NaN);
}

/** A label's logarithm, without a scale. */
const LOG = { kind: 'regression', log: true } as const;

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
  if (task.kind !== 'multiclass') {
    const plain = constant(mean((label) => label));
    if (task.kind === 'binary' || !task.log) return [plain];
    return [
      plain,
      constant(
        decodeLabel(
          LOG,
          mean((label) => encodeLabel(LOG, label)),
        ),
      ),
    ];
  }
  const shares = task.classes!.map((_, index) => mean((label) => Number(label === index)));
  return [Float64Array.from({ length: labels.length * shares.length }, (_, i) => shares[i % shares.length]!)];
}
