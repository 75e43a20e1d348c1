import { addTo, mapValues, mean, recordOf, sum } from '@polytask/components';
import { fail, type Tasks } from '@polytask/core';
import { isBetter } from '@polytask/metrics';
import { scorePredictions, type TaskPredictions } from '@polytask/training';
import { selectionMeasure } from '../summary/metric-entries.ts';
import type { PartPredictions } from '../results/trial-result.ts';

export const ENSEMBLE = 'ensemble';

/** The most members of an ensemble. A model may be a member several times. */
const MOST_MEMBERS = 20;

/**
 * Ensemble selection (Caruana et al., ICML 2004, section 2): adds the model, perhaps again, that makes the mean of the predictions best on the
 * validation rows, until none makes it better. Returns how often each was added.
 */
export function selectEnsemble(
  tasks: Tasks,
  candidates: ReadonlyMap<string, PartPredictions>,
  selection: string,
): Map<string, number> {
  const { direction } = selectionMeasure(selection);
  const members = new Map<string, number>();
  let mean: WeightedPart = { part: [...candidates.values()][0]!, weight: 0 };
  let score = NaN;
  while (mean.weight < MOST_MEMBERS) {
    const trials = [...candidates].map(([model, part]) => {
      const extended = meanPredictions([mean, { part, weight: 1 }]);
      return { model, extended, score: validationScoreOf(tasks, extended, selection) };
    });
    const best = trials.reduce((a, b) => (isBetter(direction, b.score, a.score) ? b : a));
    if (!isBetter(direction, best.score, score)) break;
    addTo(members, best.model);
    mean = { part: best.extended, weight: mean.weight + 1 };
    score = best.score;
  }
  return members;
}

interface WeightedPart {
  readonly part: PartPredictions;
  readonly weight: number;
}

/** The weighted mean of predictions on the same rows: of probabilities, or of numbers in the unit of the label. */
export function meanPredictions(parts: readonly WeightedPart[]): PartPredictions {
  const [{ part: first }] = parts as readonly [WeightedPart];
  const total = sum(parts.map(({ weight }) => weight));
  return {
    ...first,
    byTask: mapValues(first.byTask, (own, task) => {
      const sums = new Float64Array(own.predictions.length);
      for (const { part, weight } of parts) {
        const { predictions } = sameRows(own, part.byTask[task], task);
        for (let i = 0; i < sums.length; i++) sums[i]! += (weight / total) * predictions[i]!;
      }
      return { ...own, predictions: sums };
    }),
  };
}

function sameRows(a: TaskPredictions, b: TaskPredictions | undefined, task: string): TaskPredictions {
  const equal = (left: ArrayLike<number>, right: ArrayLike<number>) =>
    left.length === right.length && Array.prototype.every.call(left, (value, i) => value === right[i]);
  if (b && (a === b || (equal(a.rows, b.rows) && equal(a.labels, b.labels)))) return b;
  return fail({
    expected: `predictions of task "${task}" for the same rows from all members of an ensemble`,
    received: b ? 'other rows or labels' : 'none',
    fix: 'Average models of one seed; average seeds where the suite has the same test rows for each.',
  });
}

/** The mean of a selection measure over tasks. NaN where a task has none. */
export function validationScoreOf(tasks: Tasks, { byTask, groups }: PartPredictions, selection: string): number {
  const isMetric = selection !== 'normalizedLoss';
  const metrics = recordOf(Object.keys(tasks), () => (isMetric ? [selection] : []));
  const scores = Object.values(scorePredictions(tasks, byTask, { metrics, groups }));
  return mean(scores.map((values) => values[selection] ?? NaN));
}

const BLOCKS = 20;

/** The standard error of the difference of two models' {@link validationScoreOf}, on the same rows: the jackknife over blocks of rows. */
export function standardErrorOf(tasks: Tasks, a: PartPredictions, b: PartPredictions, selection: string): number {
  const without = Array.from({ length: BLOCKS }, (_, block) => {
    const scoreOf = (part: PartPredictions) => validationScoreOf(tasks, withoutBlock(part, block), selection);
    return scoreOf(a) - scoreOf(b);
  });
  const center = mean(without);
  return Math.sqrt(((BLOCKS - 1) / BLOCKS) * sum(without, (each) => (each - center) ** 2));
}

const withoutBlock = (part: PartPredictions, block: number): PartPredictions => ({
  ...part,
  byTask: mapValues(part.byTask, (predicted) => rowsWhere(predicted, (row) => row % BLOCKS !== block)),
});

export function rowsWhere(
  { rows, labels, weights, predictions }: TaskPredictions,
  isKept: (row: number) => boolean,
): TaskPredictions {
  const kept = Array.from(rows, isKept);
  const width = predictions.length / labels.length;
  return {
    rows: rows.filter((_, i) => kept[i]),
    labels: labels.filter((_, i) => kept[i]),
    weights: weights.filter((_, i) => kept[i]),
    predictions: predictions.filter((_, i) => kept[Math.floor(i / width)]),
  };
}
