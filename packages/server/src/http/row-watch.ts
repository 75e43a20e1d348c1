import { sliceBatch, type Batch, type Predictions, type Row, type Schema } from '@polytask/core';
import { type RowDrift, type RowProfile, RowCounts } from '@polytask/data';
import { predictionsOfRows } from '../row-predictions.ts';

/** The latest rows, between so many and twice as many, are compared with those of the training. */
const WINDOW = 10_000;
/** At most so many values a second are looked at. Each takes about half a microsecond. */
const VALUES_A_SECOND = 50_000;

/** Compares the rows of requests with those of the training, in fixed memory and time. */
export function rowWatch(schema: Schema, profile: RowProfile | undefined) {
  const start = () => new RowCounts(schema, profile);
  let [previous, latest] = [start(), start()];
  const rowsASecond = Math.ceil(VALUES_A_SECOND / latest.drift().features.length);
  let [second, left] = [0, 0];
  return {
    /** @param batch the rows, encoded */
    add(rows: readonly Row[], batch: Batch, predictions: Predictions): void {
      const now = Math.floor(performance.now() / 1000);
      if (now !== second) [second, left] = [now, rowsASecond];
      const size = Math.min(batch.size, left);
      if (size === 0) return;
      left -= size;
      latest.add({ batch: sliceBatch(batch, 0, size), raw: (feature) => (row) => rows[row]![feature] });
      latest.addPredictions(predictionsOfRows(predictions, batch.size, 0, size));
      if (latest.rows >= WINDOW) [previous, latest] = [latest, start()];
    },
    /** The drift of the latest rows, and their number. */
    drift: (): RowDrift & { readonly rows: number } => ({
      rows: latest.rows + previous.rows,
      ...latest.drift(previous),
    }),
  };
}
