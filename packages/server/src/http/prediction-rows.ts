import { predictionOf, type Prediction, type Predictions, type Tasks } from '@polytask/core';
import { decimal } from '../decimal.ts';
import { indexOfMax } from '../files/output-columns.ts';

/**
 * The prediction of one task for one row: a probability, a number in the label's unit, quantiles by their share, probabilities by label or
 * time, or the classes.
 */
export type PredictedValue =
  | number
  | Readonly<Record<string, number>>
  | { readonly class: string; readonly probabilities: Readonly<Record<string, number>> };

/** Predictions as JSON: an object for each row, with a key for each task. */
export function predictionRows(tasks: Tasks, predictions: Predictions, size: number): Record<string, PredictedValue>[] {
  const valuesOf = Object.entries(tasks).map(
    ([name, task]) => [name, valueOf(predictionOf(task), predictions[name]!)] as const,
  );
  return Array.from({ length: size }, (_, row) => Object.fromEntries(valuesOf.map(([name, of]) => [name, of(row)])));
}

function valueOf(prediction: Prediction, scores: Float32Array): (row: number) => PredictedValue {
  switch (prediction.type) {
    case 'probabilities':
      return classesOf(scores, prediction.names);
    case 'labels':
    case 'survival':
    case 'quantiles':
      return (row) => named(prediction.names, scores.subarray(row * prediction.names.length));
    default:
      return (row) => decimal(scores[row]!);
  }
}

const named = (names: readonly string[], values: Float32Array): Record<string, number> =>
  Object.fromEntries(names.map((name, i) => [name, decimal(values[i]!)]));

const classesOf = (scores: Float32Array, classes: readonly string[]) => (row: number) => {
  const shares = scores.subarray(row * classes.length, (row + 1) * classes.length);
  return {
    class: classes[indexOfMax(shares)]!,
    probabilities: named(classes, shares),
  };
};
