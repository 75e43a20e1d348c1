import { hashOf, ShardedMap } from '@polytask/core';
import type { Lists, Texts } from '../columns/columns.ts';

/** Adds to the count of a value. */
export const addTo = <V>(counts: Map<V, number>, value: V, times = 1): void =>
  void counts.set(value, (counts.get(value) ?? 0) + times);

/** How often each value occurs, in the order of the first ones. NaN is left out. */
export function countsOf<V>(values: Iterable<V>): Map<V, number> {
  const counts = new Map<V, number>();
  for (const value of values) if (!Number.isNaN(value)) addTo(counts, value);
  return counts;
}

/** Most frequent first. Equal counts are in the order of their values, so the order of rows has no effect. */
export const ranked = <V extends string | number>(counts: Iterable<readonly [V, number]>): (readonly [V, number])[] =>
  [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));

/** The most frequent value; of equally frequent ones, that which comes first. Undefined without values. */
export const mostFrequent = <V>(values: Iterable<V>): V | undefined =>
  [...countsOf(values)].reduce<readonly [V | undefined, number]>((a, b) => (b[1] > a[1] ? b : a), [undefined, 0])[0];

/** Rarer values share a vector by default. */
export const MIN_COUNT = 5;

/** Which repeated values have vectors: the option `values` of `numeric`. */
export interface RepeatedValues {
  /** A value with at least so many training rows has a vector. Default 5. */
  readonly minCount?: number | undefined;
  /** The most frequent values have vectors, at most so many. Default 256. */
  readonly most?: number | undefined;
}

/** The most different numbers that are counted at a time. */
const MOST_COUNTED = 2 ** 17;

/**
 * Counts how often each number occurs, in bounded memory: if there are too many different ones, the rarest are dropped, and start at 0 again.
 */
export class NumberCounts {
  readonly #counts = new Map<number, number>();

  add(value: number): void {
    addTo(this.#counts, value);
    for (let least = 2; this.#counts.size > MOST_COUNTED; least *= 2)
      for (const [each, times] of this.#counts) if (times < least) this.#counts.delete(each);
  }

  /**
   * As {@link ranked}. Of values that are equal in 32 bits, the most frequent one is there: an exported file can't tell them apart.
   */
  repeated({ minCount = MIN_COUNT, most = 256 }: RepeatedValues = {}): number[] {
    const sorted = ranked([...this.#counts].filter(([, times]) => times >= minCount));
    const values = new Map<number, number>();
    for (const [value] of sorted) if (!values.has(Math.fround(value))) values.set(Math.fround(value), value);
    return [...values.values()].slice(0, most);
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
    const sorted = this.ranked();
    const rare = sorted.findIndex(([, count]) => count < this.#minCount);
    const admitted = Math.min(rare < 0 ? sorted.length : rare, Math.floor((3 * this.#cap) / 4));
    if (this.#minCount < Infinity) this.#forgotten ??= new ForgottenCounts(this.#cap);
    for (const [text, count] of sorted.slice(Math.max(admitted, Math.ceil(this.#cap / 2)))) {
      this.#counts.delete(text);
      this.#forgotten?.set(text, count);
    }
  }

  /** As {@link ranked}. */
  ranked(): (readonly [text: string, count: number])[] {
    return ranked(this.#counts);
  }
}

const LARGEST = 0xffff;

/**
 * Counts of texts that are no longer kept by name, in fixed memory (count-min sketch with conservative updates, Cormode &
 * Muthukrishnan 2005; Estan & Varghese 2002). A count is never too low. It is too high only for a text that shares both of its
 * cells with others. Counts end at 65,535.
 */
export class ForgottenCounts {
  readonly #rows: readonly [Uint16Array, Uint16Array];
  readonly #mask: number;

  /** @param texts the number of texts to be forgotten at a time; a text takes about 16 bytes */
  constructor(texts: number) {
    const cells = 2 ** Math.ceil(Math.log2(4 * texts));
    this.#rows = [new Uint16Array(cells), new Uint16Array(cells)];
    this.#mask = cells - 1;
  }

  /** The count of a text; 0 for a text that was never forgotten, but for collisions. */
  get(text: string): number {
    const [a, b] = this.#cells(text);
    return Math.min(this.#rows[0][a]!, this.#rows[1][b]!);
  }

  /** Keeps the count of a text. A lower count than before has no effect. */
  set(text: string, count: number): void {
    const most = Math.min(count, LARGEST);
    this.#cells(text).forEach((cell, r) => {
      const row = this.#rows[r]!;
      row[cell] = Math.max(row[cell]!, most);
    });
  }

  #cells(text: string): [number, number] {
    const hash = hashOf(text);
    const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d); // another permutation of the 32 bits
    return [(hash ^ (hash >>> 16)) & this.#mask, (mixed ^ (mixed >>> 13)) & this.#mask];
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
