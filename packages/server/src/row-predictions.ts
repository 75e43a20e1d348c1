import { mapValues, recordOf } from '@polytask/components';
import { decisionsOf, type Predictions, predictionTypeOf, type Task, type Tasks } from '@polytask/core';

/** The predictions of rows `from` … `to` − 1. @param size the number of all rows */
export const predictionsOfRows = (predictions: Predictions, size: number, from: number, to: number): Predictions =>
  mapValues(predictions, (values) => values.subarray(...[from, to].map((row) => row * (values.length / size))));

/** A sentence on the first prediction that isn't finite, which JSON couldn't say. Undefined without one. @param where names a row */
export function notFinite(predictions: Predictions, size: number, where: (row: number) => string): string | undefined {
  for (const [task, values] of Object.entries(predictions)) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const row = Math.floor(at / (values.length / size));
    return (
      `The prediction of task "${task}" for ${where(row)} is ${values[at]}. The model has parameters that are not finite or far too ` +
      'large, or the row has numbers far from those of the training. Train the model again, or look at the row.'
    );
  }
  return undefined;
}

/** A number in float32, as the decimal number of at most nine digits that rounds to it: 0.1 instead of 0.10000000149011612. */
export const decimal = (value: number): number => Number(Math.fround(value).toPrecision(9));

/** The index of the largest of the `width` numbers of a row; the first of several. */
export function likeliestOf(scores: Float32Array, width: number, row: number): number {
  let best = row * width;
  for (let i = best + 1; i < (row + 1) * width; i++) if (scores[i]! > scores[best]!) best = i;
  return best - row * width;
}

export type PredictedValue =
  | number
  | string
  | readonly string[]
  | Readonly<Record<string, number>>
  | { readonly class: string; readonly probabilities: Readonly<Record<string, number>> };

/** Predictions as JSON: an object for each row, with a key for each task, and keys such as `TASK.low` for calibrated ones. */
export function predictionRows(tasks: Tasks, predictions: Predictions, size: number): Record<string, PredictedValue>[] {
  const valuesOf = Object.entries(tasks).flatMap(([name, task]) => {
    const scores = predictions[name]!;
    const decided = decisionsOf(task).map((decision) => {
      const value = (row: number): PredictedValue => {
        const own = decision.of(scores, row);
        return typeof own === 'number' ? decimal(own) : own;
      };
      return [`${name}.${decision.name}`, value] as const;
    });
    return [[name, valueOf(task, scores)] as const, ...decided];
  });
  return Array.from({ length: size }, (_, row) => Object.fromEntries(valuesOf.map(([name, of]) => [name, of(row)])));
}

function valueOf(task: Task, scores: Float32Array): (row: number) => PredictedValue {
  const { isExclusive, names } = predictionTypeOf(task);
  if (names.length === 0) return (row) => decimal(scores[row]!);
  const width = names.length;
  return (row) => {
    const numbers = recordOf(names, (_, i) => decimal(scores[row * width + i]!));
    return isExclusive ? { class: names[likeliestOf(scores, width, row)]!, probabilities: numbers } : numbers;
  };
}
