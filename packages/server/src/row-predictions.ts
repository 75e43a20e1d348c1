import { mapValues, recordOf } from '@polytask/components';
import {
  type Batch,
  decisionsOf,
  decodeFeatures,
  type FeaturePosition,
  layoutOf,
  type Predictions,
  predictionTypeOf,
  type Schema,
  type Task,
  type Tasks,
} from '@polytask/core';

/** The predictions of rows `from` … `to` − 1. @param size the number of all rows */
export const predictionsOfRows = (predictions: Predictions, size: number, from: number, to: number): Predictions =>
  mapValues(predictions, (values) => values.subarray(...[from, to].map((row) => row * (values.length / size))));

/**
 * A sentence on the first prediction that isn't finite, which JSON couldn't say, and on the number of its row that is farthest from the training's.
 * Undefined without one. @param where names a row
 */
export function notFinite(
  schema: Schema,
  predictions: Predictions,
  batch: Batch,
  where: (row: number) => string,
): string | undefined {
  for (const [task, values] of Object.entries(predictions)) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const row = Math.floor(at / (values.length / batch.size));
    const why =
      farNumber(schema, batch, row) ??
      'The model has parameters that are not finite or far too large. Train the model again, or look at the row.';
    return `The prediction of task "${task}" for ${where(row)} is ${values[at]}. ${why}`;
  }
  return undefined;
}

/** Standard deviations. Numbers with a long tail reach ten of them. */
const FAR = 20;

function farNumber(schema: Schema, batch: Batch, row: number): string | undefined {
  const layout = layoutOf(schema);
  const deviations = ({ column }: FeaturePosition) => Math.abs(batch.numeric[row * layout.numeric + column]!);
  const numbers = layout.places.filter(({ form }) => form.type === 'numbers' && form.scale);
  const farthest = numbers.sort((a, b) => deviations(b) - deviations(a))[0];
  if (!farthest || deviations(farthest) < FAR) return undefined;
  const value = decodeFeatures(batch, schema).find(({ name }) => name === farthest.name)?.values[row];
  return (
    `"${farthest.name}" is ${Number(Number(value).toPrecision(3))} there, ${Math.round(deviations(farthest))} standard deviations from the mean of the ` +
    'training rows. Has it another unit?'
  );
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
