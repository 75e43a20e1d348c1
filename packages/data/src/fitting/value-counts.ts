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
