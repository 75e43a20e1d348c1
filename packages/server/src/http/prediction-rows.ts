import type { Predictions, Tasks } from '@polytask/core';
import { decimal } from '../decimal.ts';
import { indexOfMax } from '../files/output-columns.ts';

/** The prediction of one task for one row: a probability, a number in the label's unit, or the classes. */
export type PredictedValue =
  number | { readonly class: string; readonly probabilities: Readonly<Record<string, number>> };

/** Predictions as JSON: an object for each row, with a key for each task. */
export function predictionRows(tasks: Tasks, predictions: Predictions, size: number): Record<string, PredictedValue>[] {
  const valuesOf = Object.entries(tasks).map(([name, task]) => {
    const scores = predictions[name]!;
    return [
      name,
      task.kind === 'multiclass' ? classesOf(scores, task.classes!) : (row: number) => decimal(scores[row]!),
    ];
  }) as [string, (row: number) => PredictedValue][];
  return Array.from({ length: size }, (_, row) => Object.fromEntries(valuesOf.map(([name, of]) => [name, of(row)])));
}

const classesOf = (scores: Float32Array, classes: readonly string[]) => (row: number) => {
  const shares = scores.subarray(row * classes.length, (row + 1) * classes.length);
  return {
    class: classes[indexOfMax(shares)]!,
    probabilities: Object.fromEntries(classes.map((each, i) => [each, decimal(shares[i]!)])),
  };
};
