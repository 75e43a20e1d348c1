import { sum } from '@polytask/components';
import { fail, type Task, predictionTypeOf, labelEncoder } from '@polytask/core';
import type { TaskPredictions } from '../evaluation/measure.ts';

/** The ⌈(n + 1) level⌉-th least score of n rows, by weight (Papadopoulos et al., 2002; Lei et al., 2018; of sets: Sadinle et al., 2019). */
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

/** How little each label fits its prediction: the distance of a number as labels are encoded, or 1 − the probability of the class. */
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

export const refuseIntervals = (where: string, task: Task): never =>
  fail({
    expected: `a task of a number, of classes or of yes and no for ${where}`,
    received: `the ${task.kind} task`,
    fix: predictionTypeOf(task).noInterval ?? 'Leave this task out: name the others, as in { price: 0.9 }.',
  });
