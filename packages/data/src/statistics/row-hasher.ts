/** Hashes rows column by column. The hash of a row depends on its words and on the order of the columns. */
export class RowHasher {
  readonly #a: Int32Array;
  readonly #b: Int32Array;

  constructor(size: number) {
    this.#a = new Int32Array(size).fill(0x811c9dc5);
    this.#b = new Int32Array(size).fill(0x9e3779b9);
  }

  /** @param words of 32 bits, row-major [rows × width] */
  add(words: ArrayLike<number>, width = 1): void {
    for (let row = 0, at = 0; row < this.#a.length; row++) {
      for (let i = 0; i < width; i++, at++) {
        this.#a[row] = joined(this.#a[row]!, words[at]!, 0xcc9e2d51, 15, 0x1b873593);
        this.#b[row] = joined(this.#b[row]!, words[at]!, 0x239b961b, 16, 0xab0e9789);
      }
    }
  }

  /** The hash of each row, 53 bits. Two different rows have the same hash with probability 2^−53. */
  finish(): Float64Array {
    return Float64Array.from(this.#a, (a, row) => mixed(a) * 2 ** 21 + (mixed(this.#b[row]!) & 0x1fffff));
  }
}

/** A step of MurmurHash3 (Appleby). The word is mixed first: the bits of a small whole number, as a float, are all at the upper end. */
function joined(hash: number, word: number, before: number, turn: number, after: number): number {
  const stirred = Math.imul(word, before);
  const next = hash ^ Math.imul((stirred << turn) | (stirred >>> (32 - turn)), after);
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

/** The last step of MurmurHash3, which makes each bit of the hash depend on all bits. */
function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
