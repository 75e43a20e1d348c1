import { ShardedMap } from '@polytask/core/internal';
import type { ColumnRows, Lists, Texts } from '../columns/columns.ts';
import { wrongValue } from '../columns/values.ts';
import { ForgottenCounts } from './forgotten-counts.ts';

/** Some of the rows that something is fitted to. */
export interface LabeledSample {
  /** The numbers of a column, NaN where missing. */
  numbers(column: string): Float64Array;
  /** [labels][rows], as `labelColumns` has them */
  readonly labels: readonly Float64Array[];
}

/** Fits something to rows that come table by table, in constant memory except for its result. */
export interface Fitter<R> {
  /** @param rows the row indices of the table to use */
  add(table: ColumnRows, rows: ArrayLike<number>): void;
  /** @param samples some of the rows, for features whose encoding depends on labels: one for each source */
  finish(samples?: readonly LabeledSample[]): R;
}

/** Double precision can't hold the squares of larger numbers. */
const LARGEST = 1e150;

/**
 * Checks that double precision can hold the square of a number: otherwise no standard deviation could be computed.
 *
 * @param scaled the number that is fitted, after the logarithm where the declaration has one
 * @param value the number in the row
 * @param what such as `a label`
 * @param withLog the declaration that takes the logarithm, for the message
 * @throws PolytaskError for a number beyond ±1e150
 */
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

/**
 * Weighted mean and standard deviation (divided by the sum of weights) of numbers that come one by one. Welford's sums are of the
 * differences from the first number, so that a large mean costs no digits.
 */
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

/**
 * Counts of texts, in bounded memory (lossy counting, Manku & Motwani 2002). With more than `cap` different texts, the rarest are
 * dropped until half of `cap` is left. Counts of frequent texts are exact or nearly so. A dropped text that comes again begins
 * at 0.
 *
 * With `minCount`, a dropped text that comes again goes on from its count or a higher one. Texts that have reached `minCount` are
 * dropped only when there are more than three quarters of `cap`. So a text with `minCount` occurrences is never refused before.
 */
export class ValueCounts {
  readonly #counts = new ShardedMap<number>();
  readonly #cap: number;
  readonly #minCount: number;
  #forgotten: ForgottenCounts | undefined;

  /** @param minCount the number of occurrences after which a text is admitted. Default: there is none */
  constructor(cap: number, minCount = Infinity) {
    this.#cap = cap;
    this.#minCount = minCount;
  }

  /** @param counts of each text of the dictionary */
  add(dictionary: readonly string[], counts: ArrayLike<number>): void {
    for (let code = 0; code < dictionary.length; code++) {
      if (counts[code] === 0) continue;
      const text = dictionary[code]!;
      this.#counts.set(text, (this.#counts.get(text) ?? this.#forgotten?.get(text) ?? 0) + counts[code]!);
    }
    if (this.#counts.size <= this.#cap) return;
    const sorted = this.sorted();
    const rare = sorted.findIndex(([, count]) => count < this.#minCount);
    const admitted = Math.min(rare < 0 ? sorted.length : rare, Math.floor((3 * this.#cap) / 4));
    if (this.#minCount < Infinity) this.#forgotten ??= new ForgottenCounts(this.#cap);
    for (const [text, count] of sorted.slice(Math.max(admitted, Math.ceil(this.#cap / 2)))) {
      this.#counts.delete(text);
      this.#forgotten?.set(text, count);
    }
  }

  /** Most frequent first. Equal counts are in the order of their texts, so the order of rows has no effect. */
  sorted(): (readonly [text: string, count: number])[] {
    return [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  }
}

/** The counts of the values of each vocabulary that is fitted, by the feature that owns the vocabulary. */
export type Vocabularies = ReadonlyMap<string, ValueCounts>;

/** The number of rows with each text of the dictionary, [dictionary]. */
export function countCodes({ codes, dictionary }: Texts, rows: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(dictionary.length);
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!;
    if (code >= 0) counts[code]!++;
  }
  return counts;
}

/** The number of times that each text of the dictionary occurs in the lists of these rows, [dictionary]. */
export function countListCodes({ offsets, codes, dictionary }: Lists, rows: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(dictionary.length);
  for (let i = 0; i < rows.length; i++) {
    for (let at = offsets[rows[i]!]!; at < offsets[rows[i]! + 1]!; at++) if (codes[at]! >= 0) counts[codes[at]!]!++;
  }
  return counts;
}
