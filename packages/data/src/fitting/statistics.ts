import type { Lists, Texts } from '../columns/columns.ts';
import { wrongValue } from '../columns/values.ts';
import type { Table } from '../table/table.ts';

/** Takes rows table by table, in constant memory but for what it has to know, and says in the end what they have shown. */
export interface Fitter<R> {
  /** @param rows those of the table that are to be taken */
  add(table: Table, rows: ArrayLike<number>): void;
  finish(): R;
}

/** Numbers beyond this have squares that double precision can't hold. */
const LARGEST = 1e150;

/**
 * Weighted mean and standard deviation (divided by the sum of weights) of numbers that come one by one: Welford's sums of
 * what is left after the first number, so that no digits are lost where the mean is large.
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

  /** How many numbers. */
  get count(): number {
    return this.#count;
  }

  get mean(): number {
    return this.#shift + this.#mean;
  }

  /** 0 of numbers that are all the same. */
  get deviation(): number {
    return this.#varies ? Math.sqrt(this.#squares / this.#weight) : 0;
  }
}

/**
 * Throws for a number whose square double precision can't hold: no deviation could be found beside it.
 *
 * @param scaled the number as it is fitted, after the logarithm where there is one
 * @param value the number as it stands in the row
 * @param what such as `a label`
 * @param withLog the declaration that takes the logarithm, for the message
 */
export function checkSize(
  scaled: number,
  value: number,
  what: string,
  withLog: string,
  column: string,
  table: Table,
  row: number,
): void {
  if (!(Math.abs(scaled) > LARGEST)) return;
  const cell = String(value).replace('e+', 'e'); // as most files write it
  const mend = `Correct the cell, pass missing: ["${cell}"] where it means no value, or ${withLog}.`;
  wrongValue(value, `${what} between -${LARGEST} and ${LARGEST}`, column, table.where(row), mend);
}

/**
 * How often each text stands in the rows so far. With more than `cap` different texts the rarest are forgotten until half of
 * that is left (as lossy counting does, Manku & Motwani 2002): memory is bounded, frequent values are counted right or
 * nearly so, and a forgotten value that comes again is counted from there.
 */
export class ValueCounts {
  readonly #counts = new Map<string, number>();
  readonly #cap: number;

  constructor(cap: number) {
    this.#cap = cap;
  }

  /** @param counts of each text of the dictionary */
  add(dictionary: readonly string[], counts: ArrayLike<number>): void {
    for (let code = 0; code < dictionary.length; code++) {
      if (counts[code] === 0) continue;
      const text = dictionary[code]!;
      this.#counts.set(text, (this.#counts.get(text) ?? 0) + counts[code]!);
    }
    if (this.#counts.size > this.#cap) this.#forget();
  }

  /** Most frequent first, equally frequent ones by their text, so that the order of rows has no say. */
  sorted(): (readonly [text: string, count: number])[] {
    return [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  }

  #forget(): void {
    for (const [text] of this.sorted().slice(Math.ceil(this.#cap / 2))) this.#counts.delete(text);
  }
}

/** How often each text of the dictionary stands in these rows. */
export function countCodes({ codes, dictionary }: Texts, rows: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(dictionary.length);
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!;
    if (code >= 0) counts[code]!++;
  }
  return counts;
}

/** The same for lists: a text counts as often as it stands there. */
export function countListCodes({ offsets, codes, dictionary }: Lists, rows: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(dictionary.length);
  for (let i = 0; i < rows.length; i++) {
    for (let at = offsets[rows[i]!]!; at < offsets[rows[i]! + 1]!; at++) counts[codes[at]!]!++;
  }
  return counts;
}

export function longestList({ offsets }: Lists, rows: ArrayLike<number>): number {
  let longest = 0;
  for (let i = 0; i < rows.length; i++) longest = Math.max(longest, offsets[rows[i]! + 1]! - offsets[rows[i]!]!);
  return longest;
}
