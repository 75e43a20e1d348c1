import { mapValues } from '@polytask/components';
import type { Predictions } from '@polytask/core';

/** The predictions of rows `from` … `to` − 1. @param size the number of all rows */
export const predictionsOfRows = (predictions: Predictions, size: number, from: number, to: number): Predictions =>
  mapValues(predictions, (values) => values.subarray(...[from, to].map((row) => row * (values.length / size))));

/**
 * Says which prediction isn't finite. JSON has no NaN, and a file would hide it among other numbers.
 *
 * @param predictions by task, one or more numbers for each of `size` rows
 * @param where names a row
 * @returns a sentence on the first such number; undefined when all are finite
 * @example notFinite({ hours: Float32Array.of(38, NaN) }, 2, (row) => `row ${row}`)
 */
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

/** A float32 as the decimal number of at most nine digits that rounds to it: 0.1 instead of 0.10000000149011612. */
export const decimal = (value: number): number => Number(value.toPrecision(9));
