import { ShardedMap } from '@polytask/core';
import { isFinite32 } from '@polytask/core/internal';
import { cellReader, type CellReader } from './cells.ts';
import { type ArrayClass, gatherLists, joinArrays, type Lists, type Numbers, ownText, textOf } from './columns.ts';
import type { Texts, Vectors } from './columns.ts';

export interface ColumnBuilder<C> {
  /** What a value has to be, for error messages. */
  readonly expected: string;
  /** Adds a value. Returns false, and adds nothing, for a value that the column can't hold. */
  push(value: unknown): boolean;
  /** The number of a text file's cell: a number itself, or the code of a text or a list. Undefined for one that the column can't hold. */
  read(text: string): number | undefined;
  addAll(numbers: Float64Array): void;
  finish(): C;
}

const PLAIN = cellReader(undefined);

/** How many values the first block has, and how many the largest ones have. */
const [FIRST, BLOCK] = [1 << 6, 1 << 15];

/** A typed array that grows. It fills blocks, each twice as long as the one before, and joins them at the end. */
export class Growing<A extends Numbers> {
  private readonly blocks: A[] = [];
  private block: A;
  private used = 0;

  constructor(private readonly Of: ArrayClass<A>) {
    this.block = new Of(FIRST); // small, as a stream makes many tables of few rows
  }

  push(value: number): void {
    if (this.used === this.block.length) {
      this.blocks.push(this.block);
      this.block = new this.Of(Math.min(2 * this.used, BLOCK));
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

  toArray(): A {
    return joinArrays([...this.blocks, this.block.subarray(0, this.used) as A], this.Of);
  }
}

/** Gives each value a code: 0, 1, … in the order in which the values come. Missing ones are −1. */
export class Dictionary {
  readonly texts: string[] = [];
  private readonly codes = new ShardedMap<number>();

  constructor(private readonly cells: CellReader = PLAIN) {
    for (const marker of cells.missing) this.codes.set(marker, -1);
  }

  codeOf(cell: string): number {
    const text = this.cells.merged(cell);
    const code = this.codes.get(text);
    if (code !== undefined) return code;
    const copy = ownText(text);
    this.codes.set(copy, this.texts.length);
    return this.texts.push(copy) - 1;
  }
}

/** A builder of a column with one number a row. @param numberOf undefined for a value that the column can't hold */
const ofNumbers = <C>(
  values: Growing<Float64Array> | Growing<Int32Array>,
  numberOf: (value: unknown) => number | undefined,
  rest: Pick<ColumnBuilder<C>, 'expected' | 'read' | 'finish'>,
): ColumnBuilder<C> => ({
  ...rest,
  push(value) {
    const number = numberOf(value);
    if (number !== undefined) values.push(number);
    return number !== undefined;
  },
  addAll: (numbers) => values.addAll(numbers),
});

/** A column of finite numbers. null, undefined, NaN and missing cells become NaN. */
export function numbersBuilder(cells = PLAIN): ColumnBuilder<Float64Array> {
  const values = new Growing(Float64Array);
  const numberOf = (value: unknown): number | undefined => {
    if (value === null || value === undefined || value === '') return NaN;
    if (typeof value === 'boolean') return Number(value);
    if (cells.hasRule && (typeof value === 'string' || typeof value === 'number')) return cells.number(String(value));
    return typeof value === 'number' && Math.abs(value) !== Infinity ? value : undefined;
  };
  return ofNumbers(values, numberOf, {
    expected: 'a number',
    read: cells.number,
    finish: () => values.toArray(),
  });
}

/** A column of texts. Numbers and booleans become their text. */
export function textsBuilder(cells = PLAIN): ColumnBuilder<Texts> {
  const codes = new Growing(Int32Array);
  const dictionary = new Dictionary(cells);
  const read = (text: string | undefined) => (text === undefined ? undefined : dictionary.codeOf(text));
  return ofNumbers(codes, (value) => read(textOf(value)), {
    expected: 'a string, a number or null',
    read,
    finish: () => ({ codes: codes.toArray(), dictionary: dictionary.texts }),
  });
}

/** A column of lists: arrays, or texts with a separator. A missing list becomes `emptyCell`: `null` is for null and markers, not for an empty text. */
export function listsBuilder(
  separator: string,
  empty: 'left-out' | 'kept',
  cells = PLAIN,
  emptyCell: 'list' | 'missing' | 'null' = 'list',
): ColumnBuilder<Lists> {
  const rows = new Growing(Int32Array); // the index of each row's list
  const offsets = new Growing(Uint32Array);
  const codes = new Growing(Int32Array);
  const dictionary = new Dictionary(cells);
  let [lists, count] = [0, 0];
  offsets.push(0);

  const add = (own: readonly number[]): number => {
    for (const code of own) codes.push(code);
    offsets.push((count += own.length));
    return lists++;
  };
  const addTexts = (texts: readonly (string | undefined)[]): number | undefined => {
    if (texts.includes(undefined)) return undefined;
    const own = texts.map((text) => dictionary.codeOf(text!));
    return add(empty === 'left-out' ? own.filter((code) => code >= 0) : own);
  };
  const addMissing = (): number => add(emptyCell === 'list' ? [] : [-1]);
  const read = (text: string): number | undefined => {
    if (text === '' && emptyCell === 'null') return add([]);
    return cells.missing.has(text) ? addMissing() : addTexts(text.split(separator).map((part) => part.trim()));
  };
  const listOf = (value: unknown): number | undefined => {
    if (Array.isArray(value)) return addTexts(value.map(textOf));
    const text = textOf(value);
    if (text === '' && value !== '') return addMissing();
    return text === undefined ? undefined : read(text);
  };
  return ofNumbers(rows, listOf, {
    expected: `a list, or a text of values between "${separator}"`,
    read,
    finish() {
      const all = { offsets: offsets.toArray(), codes: codes.toArray(), dictionary: dictionary.texts, separator };
      const indices = rows.toArray();
      return indices.length === lists ? all : gatherLists(all, indices); // cells that repeat have one list
    },
  });
}

/** A column with `width` numbers in each row. 32 bits have to hold each number. */
export function vectorsBuilder(width: number): ColumnBuilder<Vectors> {
  const values = new Growing(Float32Array);
  return {
    expected: `${width} finite numbers`,
    push(value) {
      const numbers = typeof value === 'number' ? [value] : value;
      if (!isNumbers(numbers) || numbers.length !== width) return false;
      for (let i = 0; i < width; i++) if (!isFinite32(numbers[i]!)) return false;
      for (let i = 0; i < width; i++) values.push(numbers[i]!);
      return true;
    },
    read: () => undefined,
    addAll: () => undefined,
    finish: () => ({ width, values: values.toArray() }),
  };
}

const isNumbers = (value: unknown): value is ArrayLike<number> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
