import { parseNumber, ShardedMap } from '@polytask/core/internal';
import { joinArrays, type Lists, type Texts, type Vectors } from './columns.ts';
import { ownText, textOf } from './values.ts';

/** Collects a column's values one by one into typed arrays. */
export interface ColumnBuilder<C> {
  /** What a value has to be, for error messages. */
  readonly expected: string;
  /** Adds a value. Returns false, and adds nothing, for a value that the column can't hold. */
  push(value: unknown): boolean;
  /** Adds the cell of a text file, in the same way. */
  pushText(text: string): boolean;
  /** A column with one number a row: a number, or the code of a text. Equal cells have one number. */
  readonly cells?: {
    /** The number of a cell. Undefined for one that the column can't hold. */
    read(text: string): number | undefined;
    addAll(numbers: Float64Array): void;
  };
  finish(): C;
}

/** Cells of a text file that mean "no value". The empty cell always does. */
export type MissingMarkers = ReadonlySet<string>;

export const EMPTY_CELL: MissingMarkers = new Set(['']);

/** How many values the first block has, and how many the largest ones have. */
const [FIRST, BLOCK] = [1 << 6, 1 << 15];

/** A typed array that grows. It fills blocks, each twice as long as the one before, and joins them at the end. */
export class Growing<A extends Float64Array | Float32Array | Int32Array | Uint32Array> {
  private readonly blocks: A[] = [];
  private block: A;
  private used = 0;
  private readonly make: (length: number) => A;

  constructor(make: (length: number) => A) {
    this.make = make;
    this.block = make(FIRST); // small, as a stream makes many tables of few rows
  }

  push(value: number): void {
    if (this.used === this.block.length) {
      this.blocks.push(this.block);
      this.block = this.make(Math.min(2 * this.used, BLOCK));
      this.used = 0;
    }
    this.block[this.used++] = value;
  }

  addAll(values: Float64Array): void {
    for (let from = 0; from < values.length;) {
      if (this.used === this.block.length) this.push(values[from++]!);
      const part = values.subarray(from, from + this.block.length - this.used);
      this.block.set(part, this.used);
      this.used += part.length;
      from += part.length;
    }
  }

  /** Copies all values into one array. */
  toArray(): A {
    return joinArrays([...this.blocks, this.block.subarray(0, this.used) as A], this.make);
  }
}

/** Gives each text a code: 0, 1, … in the order in which the texts come. Missing markers are −1. */
export class Dictionary {
  readonly texts: string[] = [];
  private readonly codes = new ShardedMap<number>();

  constructor(missing: MissingMarkers = EMPTY_CELL) {
    for (const marker of missing) this.codes.set(marker, -1);
  }

  codeOf(text: string): number {
    const code = this.codes.get(text);
    if (code !== undefined) return code;
    const copy = ownText(text);
    this.codes.set(copy, this.texts.length);
    return this.texts.push(copy) - 1;
  }
}

/** A column of finite numbers. null, undefined, NaN and the missing markers become NaN. */
export function numbersBuilder(missing: MissingMarkers = EMPTY_CELL): ColumnBuilder<Float64Array> {
  const values = new Growing((length) => new Float64Array(length));
  const read = (text: string): number | undefined => {
    if (missing.has(text)) return NaN;
    const number = parseNumber(text);
    return Number.isNaN(number) ? undefined : number;
  };
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
      const number = read(text);
      if (number === undefined) return false;
      values.push(number);
      return true;
    },
    cells: { read, addAll: (numbers) => values.addAll(numbers) },
    finish: () => values.toArray(),
  };
}

/** A column of texts. Numbers and booleans become their text. */
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
    cells: { read: (text) => dictionary.codeOf(text), addAll: (numbers) => codes.addAll(numbers) },
    finish: () => ({ codes: codes.toArray(), dictionary: dictionary.texts }),
  };
}

/**
 * A column of lists: arrays, or one text with a separator between the values.
 *
 * @param empty what becomes of an empty value: it is left out, or kept as a missing one
 * @param emptyCell what a missing list is: `list` is a list without values, `missing` a list of one missing value. `null` is the same for
 * null and the missing markers only, so that an empty text is a list without values
 */
export function listsBuilder(
  separator: string,
  empty: 'left-out' | 'kept',
  missing: MissingMarkers = EMPTY_CELL,
  emptyCell: 'list' | 'missing' | 'null' = 'list',
): ColumnBuilder<Lists> {
  const offsets = new Growing((length) => new Uint32Array(length));
  const codes = new Growing((length) => new Int32Array(length));
  const dictionary = new Dictionary(missing);
  let count = 0;
  offsets.push(0);

  const add = (texts: readonly (string | undefined)[]): boolean => {
    if (texts.includes(undefined)) return false;
    for (const text of texts) {
      const code = dictionary.codeOf(text!);
      if (code < 0 && empty === 'left-out') continue;
      codes.push(code);
      count++;
    }
    offsets.push(count);
    return true;
  };
  const addMissing = (): true => {
    if (emptyCell !== 'list') {
      codes.push(-1);
      count++;
    }
    offsets.push(count);
    return true;
  };
  const pushText = (text: string): boolean => {
    if (text === '' && emptyCell === 'null') return add([]);
    return missing.has(text) ? addMissing() : add(text.split(separator).map((part) => part.trim()));
  };

  return {
    expected: `a list, or a text of values between "${separator}"`,
    push(value) {
      if (Array.isArray(value)) return add(value.map(textOf));
      const text = textOf(value);
      if (text === '' && value !== '') return addMissing();
      return text !== undefined && pushText(text);
    },
    pushText,
    finish: () => ({ offsets: offsets.toArray(), codes: codes.toArray(), dictionary: dictionary.texts, separator }),
  };
}

/** A column with `width` numbers in each row. 32 bits have to hold each number. */
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
