import { labelDecoder, labelEncoder } from '../tasks/labels.ts';
import { unitOf } from '../tasks/label-types.ts';
import { labelOf, predictionTypeOf } from '../tasks/task-kind.ts';
import type { Task } from '../tasks/tasks.ts';

/** What follows from a task's prediction for a row: an end of its interval, its set, or its decision. */
export interface Decision {
  readonly name: 'low' | 'high' | 'set' | 'decision';
  /** The values of a set and of a decision. Undefined for numbers. */
  readonly names?: readonly string[];
  /**
   * @param scores the predictions of the task, as `model.predict` gives them
   * @returns `low` and `high`: numbers in the label's unit; `set`: the classes, or `no` and `yes`, of a probability that is large enough,
   *   the likeliest among them always; `decision`: `yes` or `no`
   */
  of(scores: ArrayLike<number>, row: number): number | readonly string[] | string;
}

const NO_YES = ['no', 'yes'] as const;

/**
 * What follows from a task's predictions by its interval and its threshold, which `calibrate` of `@polytask/training` has fitted. Empty
 * for a task with neither.
 *
 * @example
 * const [low, high] = decisionsOf(model.schema.tasks.price);
 * low.of(predictions.price, 0); // the prices of row 0 are above it
 */
export function decisionsOf(task: Task): Decision[] {
  const { interval, threshold } = task.calibrated ?? {};
  const { interval: form, names: own } = predictionTypeOf(task);
  const decisions: Decision[] = [];
  if (interval && form === 'range') {
    const [encode, decode] = [labelEncoder(task), labelDecoder(task)];
    const { minimum = -Infinity, maximum = Infinity } = unitOf(labelOf(task));
    const end = (margin: number) => (scores: ArrayLike<number>, row: number) =>
      Math.min(maximum, Math.max(minimum, decode(encode(scores[row]!) + margin)));
    decisions.push({ name: 'low', of: end(-interval.margin) }, { name: 'high', of: end(interval.margin) });
  } else if (interval) {
    const names = own.length > 0 ? own : NO_YES;
    const shares = (scores: ArrayLike<number>, row: number) =>
      names === NO_YES ? [1 - scores[row]!, scores[row]!] : names.map((_, i) => scores[row * names.length + i]!);
    const of = (scores: ArrayLike<number>, row: number) => {
      const own = shares(scores, row);
      const least = Math.min(1 - interval.margin, Math.max(...own));
      return names.filter((_, i) => own[i]! >= least);
    };
    decisions.push({ name: 'set', names, of });
  }
  if (threshold)
    decisions.push({
      name: 'decision',
      names: NO_YES,
      of: (scores, row) => NO_YES[scores[row]! >= threshold.at ? 1 : 0]!,
    });
  return decisions;
}
