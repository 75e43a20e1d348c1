/** The most cells of a column that are kept, and the most bytes of one. */
const [MOST, LONGEST] = [1 << 16, 1 << 10];

/**
 * The values of earlier cells of a column, by their bytes: most columns have few different cells. An entry is found by open addressing.
 * It has its index, the cell's length, and the cell in words of 4 bytes.
 */
export class CellCache {
  /** Of entry `find(…)`. */
  values = new Float64Array(1 << 6);
  private size = 0;
  private words = new Int32Array(1 << 9);
  private used = 1; // so that 0 is an empty slot
  private slots = new Int32Array(1 << 7);
  /** The length and the words of the last cell, and its free slot. */
  private readonly key = new Int32Array(LONGEST / 4 + 1);
  private slot = -1;

  /** The entry of a cell, or −1. @param view has 3 bytes after the cell */
  find(view: DataView, start: number, end: number): number {
    const { key, slots, words } = this;
    this.slot = -1;
    const length = end - start;
    if (length > LONGEST) return -1;
    key[0] = length;
    let count = 1;
    let hash = length;
    for (let p = start; p < end; p += 4) {
      const word = view.getInt32(p, true) & (end - p < 4 ? (1 << (8 * (end - p))) - 1 : -1);
      key[count++] = word;
      hash = mix(hash, word);
    }
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let at = slots[slot]!; at !== 0; at = slots[(slot = (slot + 1) & mask)]!) {
      let k = 0;
      while (k < count && words[at + 1 + k] === key[k]) k++;
      if (k === count) return words[at]!;
    }
    this.slot = slot;
    return -1;
  }

  /** Keeps the value of the last cell, which was not found. */
  add(value: number): void {
    if (this.slot < 0 || this.size === MOST) return;
    const count = wordsOf(this.key[0]!);
    if (this.used + count >= this.words.length) this.words = copyTo(new Int32Array(2 * this.words.length), this.words);
    this.words[this.used] = this.size;
    this.words.set(this.key.subarray(0, count), this.used + 1);
    this.slots[this.slot] = this.used;
    this.used += 1 + count;
    this.values[this.size++] = value;
    if (this.size === this.values.length) this.grow();
  }

  private grow(): void {
    this.values = copyTo(new Float64Array(2 * this.size), this.values);
    this.slots = new Int32Array(4 * this.size);
    const { slots, words } = this;
    const mask = slots.length - 1;
    for (let at = 1; at < this.used;) {
      const next = at + 1 + wordsOf(words[at + 1]!);
      let hash = words[at + 1]!;
      for (let k = at + 2; k < next; k++) hash = mix(hash, words[k]!);
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = at;
      at = next;
    }
  }
}

/** The words of an entry for a cell of some length. */
const wordsOf = (length: number): number => 1 + ((length + 3) >> 2);

function mix(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}

function copyTo<A extends Int32Array | Float64Array>(target: A, source: A): A {
  target.set(source);
  return target;
}
