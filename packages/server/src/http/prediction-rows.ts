import { type Decision, decisionsOf, type Predictions, predictionTypeOf, type Task, type Tasks } from '@polytask/core';
import { decimal } from '../row-predictions.ts';
import { indexOfMax } from '../files/output-columns.ts';

/**
 * The prediction of one task for one row: a probability, a number in the label's unit, quantiles by their share, probabilities by label or
 * time, or the classes.
 */
export type PredictedValue =
  | number
  | string
  | readonly string[]
  | Readonly<Record<string, number>>
  | { readonly class: string; readonly probabilities: Readonly<Record<string, number>> };

/**
 * Predictions as JSON: an object for each row, with a key for each task. A calibrated task may have `TASK.low` and `TASK.high`, a list
 * `TASK.set`, and `TASK.decision`.
 */
export function predictionRows(tasks: Tasks, predictions: Predictions, size: number): Record<string, PredictedValue>[] {
  const valuesOf = Object.entries(tasks).flatMap(([name, task]) => {
    const scores = predictions[name]!;
    return [[name, valueOf(task, scores)] as const, ...decisionsOf(task).map((each) => decided(name, each, scores))];
  });
  return Array.from({ length: size }, (_, row) => Object.fromEntries(valuesOf.map(([name, of]) => [name, of(row)])));
}

function valueOf(task: Task, scores: Float32Array): (row: number) => PredictedValue {
  const { isExclusive, names } = predictionTypeOf(task);
  if (names.length === 0) return (row) => decimal(scores[row]!);
  return (row) => {
    const own = scores.subarray(row * names.length, (row + 1) * names.length);
    const numbers = Object.fromEntries(names.map((name, i) => [name, decimal(own[i]!)]));
    return isExclusive ? { class: names[indexOfMax(own)]!, probabilities: numbers } : numbers;
  };
}

const decided = (task: string, { name, of }: Decision, scores: Float32Array) => {
  const value = (row: number): PredictedValue => {
    const own = of(scores, row);
    return typeof own === 'number' ? decimal(own) : own;
  };
  return [`${task}.${name}`, value] as const;
};
