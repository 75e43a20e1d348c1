import { sum } from '@polytask/components';
import { fail, type Task, predictionTypeOf, labelEncoder } from '@polytask/core';
import type { TaskPredictions } from '../evaluation/measure.ts';

/**
 * The margin of split-conformal intervals (Papadopoulos et al., 2002; Lei et al., 2018) and sets (Sadinle et al., 2019): the
 * ⌈(n + 1) level⌉-th least score of n rows. With sample weights, which are 1 in the mean, the least
 * score that rows of at least (n + 1) level weigh up to.
 *
 * @param scores how little each row fits its prediction
 * @throws PolytaskError for too few rows
 * @example conformalMargin([3, 1, 2], [1, 1, 1], 0.5) // 2
 */
export function conformalMargin(scores: Float64Array, weights: Float64Array, level: number, task: string): number {
  const rows = scores.length;
  const needed = (rows + 1) * level - 1e-9;
  if (needed > rows) {
    fail({
      expected: `${Math.ceil(level / (1 - level) - 1e-9)} labeled rows or more for intervals of ${level} for task "${task}"`,
      received: String(rows),
      fix: 'Take more validation rows, or a lower level.',
    });
  }
  const total = sum(weights);
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let weight = 0;
  for (const row of order) {
    weight += (weights[row]! * rows) / total;
    if (weight >= needed - 1e-9 * rows) return scores[row]!;
  }
  return scores[order.at(-1)!]!;
}

/**
 * How little each label fits its prediction: the distance of a number as labels are encoded, or 1 − the probability of the class.
 *
 * @throws PolytaskError for a task without intervals
 */
export function conformalScores(
  name: string,
  task: Task,
  { labels, predictions }: Pick<TaskPredictions, 'labels' | 'predictions'>,
): Float64Array {
  const { interval, names } = predictionTypeOf(task);
  if (interval === undefined) return refuseIntervals(`intervals of task "${name}"`, task);
  if (interval === 'range') {
    const encode = labelEncoder(task);
    return labels.map((label, row) => Math.abs(encode(label) - encode(predictions[row]!)));
  }
  const width = names.length;
  if (width > 0) return labels.map((label, row) => 1 - predictions[row * width + label]!);
  return labels.map((label, row) => (label > 0 ? 1 - predictions[row]! : predictions[row]!));
}

/** @param where the intervals in the message @throws PolytaskError that says which tasks have intervals */
export const refuseIntervals = (where: string, task: Task): never =>
  fail({
    expected: `a task of a number, of classes or of yes and no for ${where}`,
    received: `the ${task.kind} task`,
    fix: predictionTypeOf(task).noInterval ?? 'Leave this task out: name the others, as in { price: 0.9 }.',
  });
