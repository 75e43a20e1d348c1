import { sliceBatch, type Batch, type Predictions, type Row, type Schema } from '@polytask/core';
import { type RowDrift, type RowProfile, RowCounts } from '@polytask/data';
import { predictionsOfRows } from '../row-predictions.ts';

/** The latest rows, between so many and twice as many, are compared with those of the training. */
const WINDOW = 10_000;
/** At most so many values a second are looked at. Each takes about half a microsecond. */
const VALUES_A_SECOND = 50_000;

/** Compares the rows of requests with those of the training, in fixed memory and time. */
export class RowWatch {
  readonly #start: () => RowCounts;
  #previous: RowCounts;
  #latest: RowCounts;
  readonly #rowsASecond: number;
  #second = 0;
  #left = 0;

  constructor(schema: Schema, profile: RowProfile | undefined) {
    this.#start = () => new RowCounts(schema, profile);
    this.#previous = this.#start();
    this.#latest = this.#start();
    this.#rowsASecond = Math.ceil(VALUES_A_SECOND / this.#latest.drift().features.length);
  }

  add(rows: readonly Row[], batch: Batch, predictions: Predictions): void {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) [this.#second, this.#left] = [second, this.#rowsASecond];
    const size = Math.min(batch.size, this.#left);
    if (size === 0) return;
    this.#left -= size;
    this.#latest.add({ batch: sliceBatch(batch, 0, size), raw: (feature) => (row) => rows[row]![feature] });
    this.#latest.addPredictions(predictionsOfRows(predictions, batch.size, 0, size));
    if (this.#latest.rows < WINDOW) return;
    this.#previous = this.#latest;
    this.#latest = this.#start();
  }

  drift(): RowDrift & { readonly rows: number } {
    return { rows: this.#latest.rows + this.#previous.rows, ...this.#latest.drift(this.#previous) };
  }
}
