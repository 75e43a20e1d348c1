import { hashOf } from '@polytask/core/internal';

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
