import {
  type Decision,
  decisionsOf,
  predictionOf,
  type Prediction,
  type Predictions,
  type Tasks,
} from '@polytask/core';
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
    return [
      [name, valueOf(predictionOf(task), scores)] as const,
      ...decisionsOf(task).map((each) => decided(name, each, scores)),
    ];
  });
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

const decided = (task: string, { name, of }: Decision, scores: Float32Array) => {
  const value = (row: number): PredictedValue => {
    const own = of(scores, row);
    return typeof own === 'number' ? decimal(own) : own;
  };
  return [`${task}.${name}`, value] as const;
};

const named = (names: readonly string[], values: Float32Array): Record<string, number> =>
  Object.fromEntries(names.map((name, i) => [name, decimal(values[i]!)]));

const classesOf = (scores: Float32Array, classes: readonly string[]) => (row: number) => {
  const shares = scores.subarray(row * classes.length, (row + 1) * classes.length);
  return {
    class: classes[indexOfMax(shares)]!,
    probabilities: named(classes, shares),
  };
};
