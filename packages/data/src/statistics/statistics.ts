import { type ColumnRows, wrongValue } from '../columns/columns.ts';

/** Some of the rows that something is fitted to. */
export interface LabeledSample {
  /** The numbers of a column, NaN where missing. */
  numbers(column: string): Float64Array;
  /** [labels][rows], as `labelColumns` has them */
  readonly labels: readonly Float64Array[];
}

/** Fits something to rows that come table by table, in constant memory except for its result. */
export interface Fitter<R> {
  add(table: ColumnRows, rows: ArrayLike<number>): void;
  /** @param samples some of the rows, for features whose encoding depends on labels: one for each source */
  finish(samples?: readonly LabeledSample[]): R;
}

/** Double precision can't hold the squares of larger numbers. */
const LARGEST = 1e150;

/** @throws PolytaskError for a number whose square double precision can't hold: it has no standard deviation */
export function checkSize(
  scaled: number,
  value: number,
  what: string,
  withLog: string,
  column: string,
  table: ColumnRows,
  row: number,
): void {
  if (!(Math.abs(scaled) > LARGEST)) return;
  const cell = String(value).replace('e+', 'e'); // the spelling of most files
  const fix = `Correct the cell, pass missing: ["${cell}"] where it means no value, or ${withLog}.`;
  wrongValue(value, `${what} between -${LARGEST} and ${LARGEST}`, column, table.where(row), fix);
}

/** Weighted mean and standard deviation (divided by the sum of weights). Welford's sums are of differences from the first number. */
export class Moments {
  #count = 0;
  #weight = 0;
  #shift = 0;
  #mean = 0;
  #squares = 0;
  #varies = false;

  add(value: number, weight = 1): void {
    if (this.#count === 0) this.#shift = value;
    this.#count++;
    this.#weight += weight;
    const moved = value - this.#shift;
    const step = moved - this.#mean;
    this.#mean += (step * weight) / this.#weight;
    this.#squares += weight * step * (moved - this.#mean);
    this.#varies ||= moved !== 0;
  }

  get count(): number {
    return this.#count;
  }

  get mean(): number {
    return this.#shift + this.#mean;
  }

  /** The standard deviation; exactly 0 where all numbers are equal. */
  get deviation(): number {
    return this.#varies ? Math.sqrt(this.#squares / this.#weight) : 0;
  }
}
