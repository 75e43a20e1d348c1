import type { Texts, Lists, Vectors } from './columns.ts';
import { parseNumber } from './values.ts';

/** Takes a column's values one by one and gives typed arrays. */
export interface ColumnBuilder<C> {
  /** What a value has to be, for the error where one is not. */
  readonly expected: string;
  /** Adds a value; false, and nothing added, where it is not what the column holds. */
  push(value: unknown): boolean;
  /** Adds what a text file has in a cell. */
  pushText(text: string): boolean;
  finish(): C;
}

/** Cells of a text file that mean that there is no value; the empty cell always does. */
export type MissingMarkers = ReadonlySet<string>;

export const EMPTY_CELL: MissingMarkers = new Set(['']);

type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array;

const BLOCK = 1 << 15;

/** A typed array whose length is not known beforehand: blocks, joined at the end, so that nothing is held twice. */
export class Growing<A extends Numbers> {
  private readonly blocks: A[] = [];
  private block: A;
  private used = 0;
  private readonly make: (length: number) => A;

  constructor(make: (length: number) => A) {
    this.make = make;
    this.block = make(BLOCK);
  }

  push(value: number): void {
    if (this.used === BLOCK) {
      this.blocks.push(this.block);
      this.block = this.make(BLOCK);
      this.used = 0;
    }
    this.block[this.used++] = value;
  }

  /** All values so far, in an array of their own. */
  toArray(): A {
    const all = this.make(this.blocks.length * BLOCK + this.used);
    this.blocks.forEach((block, b) => all.set(block, b * BLOCK));
    all.set(this.block.subarray(0, this.used), this.blocks.length * BLOCK);
    return all;
  }
}

/** Gives each text a number, from 0 on in the order of first sight. Missing markers are −1. */
export class Dictionary {
  readonly texts: string[] = [];
  private readonly codes: Map<string, number>;

  constructor(missing: MissingMarkers = EMPTY_CELL) {
    this.codes = new Map([...missing].map((marker) => [marker, -1]));
  }

  codeOf(text: string): number {
    const known = this.codes.get(text);
    if (known !== undefined) return known;
    const own = detached(text);
    this.codes.set(own, this.texts.length);
    return this.texts.push(own) - 1;
  }
}

/** A copy: a string cut out of a piece of a file would keep that whole piece in memory. */
const detached = (text: string): string => ` ${text}`.slice(1);

/** The text of a categorical value, as core's encoder reads it; '' where it is missing, undefined for what is none. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A column of finite numbers; null, undefined, NaN and the markers are missing. */
export function numbersBuilder(missing: MissingMarkers = EMPTY_CELL): ColumnBuilder<Float64Array> {
  const values = new Growing((length) => new Float64Array(length));
  return {
    expected: 'a number',
    push(value) {
      const number = value === null || value === undefined || value === '' ? NaN : value;
      if (typeof number === 'boolean') values.push(Number(number));
      else if (typeof number === 'number' && Math.abs(number) !== Infinity) values.push(number);
      else return false;
      return true;
    },
    pushText(text) {
      const number = missing.has(text) ? NaN : parseNumber(text);
      if (Number.isNaN(number) && !missing.has(text)) return false;
      values.push(number);
      return true;
    },
    finish: () => values.toArray(),
  };
}

/** A column of texts; numbers and booleans are taken by their text. */
export function textsBuilder(missing?: MissingMarkers): ColumnBuilder<Texts> {
  const codes = new Growing((length) => new Int32Array(length));
  const dictionary = new Dictionary(missing);
  const add = (text: string | undefined): boolean => {
    if (text === undefined) return false;
    codes.push(dictionary.codeOf(text));
    return true;
  };
  return {
    expected: 'a string, a number or null',
    push: (value) => add(textOf(value)),
    pushText: add,
    finish: () => ({ codes: codes.toArray(), dictionary: dictionary.texts }),
  };
}

/** A column of lists: arrays, or one text with a separator between the values. Empty values are left out. */
export function listsBuilder(separator: string, missing?: MissingMarkers): ColumnBuilder<Lists> {
  const offsets = new Growing((length) => new Uint32Array(length));
  const codes = new Growing((length) => new Int32Array(length));
  const dictionary = new Dictionary(missing);
  let count = 0;
  offsets.push(0);

  const add = (texts: readonly (string | undefined)[]): boolean => {
    if (texts.includes(undefined)) return false;
    for (const text of texts) {
      const code = dictionary.codeOf(text!);
      if (code < 0) continue;
      codes.push(code);
      count++;
    }
    offsets.push(count);
    return true;
  };
  const cut = (text: string): boolean => add(text.split(separator).map((each) => each.trim()));

  return {
    expected: `a list, or a text of values between "${separator}"`,
    push(value) {
      if (Array.isArray(value)) return add(value.map(textOf));
      const text = textOf(value);
      return text !== undefined && cut(text);
    },
    pushText: cut,
    finish: () => ({ offsets: offsets.toArray(), codes: codes.toArray(), dictionary: dictionary.texts, separator }),
  };
}

/** A column with `width` numbers in each row, finite ones of 32 bits. */
export function vectorsBuilder(width: number): ColumnBuilder<Vectors> {
  const values = new Growing((length) => new Float32Array(length));
  return {
    expected: `${width} finite numbers`,
    push(value) {
      const numbers = typeof value === 'number' ? [value] : value;
      if (!isNumbers(numbers) || numbers.length !== width) return false;
      for (let i = 0; i < width; i++) if (!isFinite32(numbers[i])) return false;
      for (let i = 0; i < width; i++) values.push(numbers[i]!);
      return true;
    },
    pushText: () => false,
    finish: () => ({ width, values: values.toArray() }),
  };
}

const isFinite32 = (value: unknown): boolean => Number.isFinite(value) && Number.isFinite(Math.fround(value as number));

const isNumbers = (value: unknown): value is ArrayLike<number> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
