import { isNumber } from '../columns/values.ts';
import type { Sink } from '../table/table.ts';
import type { CsvRows } from './csv-tokenizer.ts';

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

/** Reads some rows of a column. Returns the first row whose cell it can't hold, else the number of rows. */
export type PlainColumn = (cells: CsvRows, column: number, rows: number) => number;

/**
 * Reads a column from bytes, without texts where a cell was there before or is a plain number.
 *
 * @param read the text that the column's builder takes for a cell; undefined if there is none
 * @param direct whether plain numbers are read from the bytes
 */
export function plainColumn(
  { builder }: Sink,
  read: (cell: string) => string | undefined,
  direct: boolean,
): PlainColumn {
  const cache = new CellCache();
  let numbers = new Float64Array(0);
  return (cells, column, rows) => {
    const { view, ends, gaps, width } = cells;
    const gap = column === 0 ? gaps.rows : gaps.cells;
    if (numbers.length < rows) numbers = new Float64Array(rows);
    for (let row = 0, i = column; row < rows; row++, i += width) {
      const start = i === 0 ? cells.start : ends[i - 1]! + gap;
      const end = ends[i]!;
      const plain = direct ? plainNumber(view, start, end) : NaN;
      if (!Number.isNaN(plain)) {
        numbers[row] = plain;
        continue;
      }
      const entry = cache.find(view, start, end);
      if (entry >= 0) numbers[row] = cache.values[entry]!;
      else {
        const text = read(cells.textOf(start, end));
        const value = text === undefined ? undefined : builder.read(text);
        if (value === undefined) return row;
        cache.add((numbers[row] = value));
      }
    }
    builder.addAll(numbers.subarray(0, rows));
    return rows;
  };
}

const [MINUS, POINT, ZERO] = [45, 46, 48];
const POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i);

/** Reads a number of at most 15 digits, as {@link parseNumber} does: such a number and a power of 10 are exact. Others are NaN. */
export function plainNumber(view: DataView, start: number, end: number): number {
  const negative = start < end && view.getUint8(start) === MINUS;
  let value = 0;
  let digits = 0;
  let fraction = -1; // the digits after the point
  for (let p = negative ? start + 1 : start; p < end; p++) {
    const byte = view.getUint8(p);
    if (byte >= ZERO && byte <= ZERO + 9) {
      value = 10 * value + byte - ZERO;
      digits++;
      if (fraction >= 0) fraction++;
    } else if (byte === POINT && fraction < 0) fraction = 0;
    else return NaN;
  }
  if (digits === 0 || digits > 15) return NaN;
  if (fraction > 0) value /= POWERS[fraction]!;
  return negative ? -value : value;
}

/** Whether no marker of missing values is a number. */
export const noNumbers = (markers: ReadonlySet<string>): boolean => ![...markers].some(isNumber);
