import { addTo, countsOf, ranked } from '@polytask/components';
import { hashOf, ShardedMap } from '@polytask/core';
import type { Coded } from '../columns/columns.ts';

/** The most frequent value; of equally frequent ones, that which comes first. Undefined without values. */
export const mostFrequent = <V>(values: Iterable<V>): V | undefined =>
  [...countsOf(values)].reduce<readonly [V | undefined, number]>((a, b) => (b[1] > a[1] ? b : a), [undefined, 0])[0];

/** The most different numbers that are counted at a time. */
const MOST_COUNTED = 2 ** 17;

/** Counts a number in bounded memory (Misra & Gries 1982). So a count of n numbers is at most n / 131,072 too low. */
export function countNumber(counts: Map<number, number>, value: number): void {
  addTo(counts, value);
  while (counts.size > MOST_COUNTED)
    for (const [each, times] of counts)
      if (times > 1) counts.set(each, times - 1);
      else counts.delete(each);
}

/** The most frequent numbers, of which no two are equal in 32 bits: an exported file can't tell such apart. */
export function repeatedNumbers(
  counts: ReadonlyMap<number, number>,
  { minCount = 5, most = 256 }: { minCount?: number | undefined; most?: number | undefined } = {},
): number[] {
  const values = new Map<number, number>();
  for (const [value] of ranked([...counts].filter(([, times]) => times >= minCount)))
    if (!values.has(Math.fround(value))) values.set(Math.fround(value), value);
  return [...values.values()].slice(0, most);
}

/**
 * Counts of texts, in bounded memory (lossy counting, Manku & Motwani 2002). With more than `cap` texts, the rarest are dropped until half
 * of `cap` is left. With `minCount`, a dropped text that comes again goes on from its count or a higher one, and texts that have reached
 * `minCount` are dropped only when there are more than three quarters of `cap`.
 */
export class ValueCounts {
  readonly #counts = new ShardedMap<number>();
  readonly #cap: number;
  readonly #minCount: number;
  #forgotten: ForgottenCounts | undefined;

  constructor(cap: number, minCount = Infinity) {
    this.#cap = cap;
    this.#minCount = minCount;
  }

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

  ranked(): (readonly [text: string, count: number])[] {
    return ranked(this.#counts);
  }
}

const LARGEST = 0xffff;

/** Counts of dropped texts (count-min sketch, Cormode & Muthukrishnan 2005; Estan & Varghese 2002): never too low, at most 65,535. */
export class ForgottenCounts {
  readonly #rows: readonly [Uint16Array, Uint16Array];
  readonly #mask: number;

  /** @param texts the number of texts to be forgotten at a time; a text takes about 16 bytes */
  constructor(texts: number) {
    const cells = 2 ** Math.ceil(Math.log2(4 * texts));
    this.#rows = [new Uint16Array(cells), new Uint16Array(cells)];
    this.#mask = cells - 1;
  }

  get(text: string): number {
    const [a, b] = this.#cells(text);
    return Math.min(this.#rows[0][a]!, this.#rows[1][b]!);
  }

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

/** How often each text of the dictionary occurs in these rows, [dictionary]. Of a list, each entry counts. */
export function countCodes({ codes, dictionary, offsets }: Coded, rows: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(dictionary.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const end = offsets ? offsets[row + 1]! : row + 1;
    for (let at = offsets ? offsets[row]! : row; at < end; at++) if (codes[at]! >= 0) counts[codes[at]!]!++;
  }
  return counts;
}
