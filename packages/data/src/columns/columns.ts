import { mapValues, memoized, sum } from '@polytask/components';
import { fail, parseNumber } from '@polytask/core';
import { wrongValue } from './values.ts';

/**
 * Reads the values of a column: a number or NaN, a text or null, a list, or the numbers of a vector.
 *
 * @param hasNumbers whether the entries of a list are numbers
 */
export function valueReader(table: ColumnRows, need: Need, hasNumbers = false): (row: number) => unknown {
  switch (need.kind) {
    case 'numbers': {
      const values = columnIn(table, 'numbers', need.key);
      return (row) => values[row];
    }
    case 'texts': {
      const { codes, dictionary } = columnIn(table, 'texts', need.key);
      return (row) => dictionary[codes[row]!] ?? null;
    }
    case 'lists':
      return hasNumbers ? numberLists(table, need.key, need.column) : textLists(table, need.key);
    case 'vectors': {
      const { width, values } = columnIn(table, 'vectors', need.key);
      return (row) => values.subarray(row * width, (row + 1) * width);
    }
  }
}

/** Reads lists of texts. null is a missing entry. @param name the feature */
function textLists(table: ColumnRows, name: string): (row: number) => (string | null)[] {
  const { offsets, codes, dictionary } = columnIn(table, 'lists', name);
  return (row) => {
    const [from, to] = [offsets[row]!, offsets[row + 1]!];
    const texts = new Array<string | null>(to - from); // a loop: histories may have thousands of entries
    for (let i = from; i < to; i++) texts[i - from] = dictionary[codes[i]!] ?? null;
    return texts;
  };
}

/**
 * Reads lists of numbers. NaN is a missing entry.
 *
 * @param column the name of the column, for messages
 * @returns a reader that throws a PolytaskError with the row and column for an entry that is no number
 */
export function numberLists(table: ColumnRows, name: string, column: string): (row: number) => number[] {
  const { offsets, codes, dictionary } = columnIn(table, 'lists', name);
  const numbers = Float64Array.from(dictionary, parseNumber);
  return (row) =>
    Array.from(codes.subarray(offsets[row], offsets[row + 1]), (code) => {
      if (code < 0) return NaN;
      if (!Number.isNaN(numbers[code])) return numbers[code]!;
      const fix = 'Correct the entry, or declare the values categorical().';
      return wrongValue(dictionary[code], 'a number in each entry', column, table.where(row), fix);
    });
}

export function listLength(table: ColumnRows, name: string, row: number): number {
  const { offsets } = columnIn(table, 'lists', name);
  return offsets[row + 1]! - offsets[row]!;
}

/** Texts as codes: the text of a row is `dictionary[codes[row]]`. */
export interface Texts {
  /** [rows]; −1 where the value is missing. */
  readonly codes: Int32Array;
  readonly dictionary: readonly string[];
}

/** Several texts in a row: the codes of row r are `codes[offsets[r]]` to `codes[offsets[r + 1] − 1]`. */
export interface Lists {
  /** [rows + 1] */
  readonly offsets: Uint32Array;
  /** −1 where an entry is missing. */
  readonly codes: Int32Array;
  readonly dictionary: readonly string[];
  /** The text between two values of a cell. */
  readonly separator: string;
}

/** Texts, or with offsets lists of texts. */
export type Coded = Texts & Partial<Pick<Lists, 'offsets'>>;

/** `width` numbers in a row, row-major [rows × width]. */
export interface Vectors {
  readonly width: number;
  readonly values: Float32Array;
}

/** The forms in which a table holds a column. Numbers: [rows], NaN where the value is missing. */
export interface ColumnForms {
  readonly numbers: Float64Array;
  readonly texts: Texts;
  readonly lists: Lists;
  readonly vectors: Vectors;
}

/** Raw columns by form and name. Numbers and texts have the column's name, lists and vectors the feature's. */
export type Columns = { readonly [K in keyof ColumnForms]: Readonly<Record<string, ColumnForms[K]>> };

export interface ColumnRows {
  readonly size: number;
  readonly columns: Columns;
  /** The source of a row, for messages: `people.csv, line 7`. */
  where(row: number): string;
}

/** A column to read, and its form. A column can be read in two forms. `key` is its name in {@link Columns}. */
export type Need =
  | { readonly kind: 'numbers' | 'texts'; readonly key: string; readonly column: string }
  | {
      readonly kind: 'lists';
      readonly key: string;
      readonly column: string;
      readonly separator: string;
      readonly empty: 'left-out' | 'kept';
      /** A missing list: a list without values (default), or a missing label, perhaps unless it is an empty text. */
      readonly emptyCell?: 'list' | 'missing' | 'null';
    }
  | { readonly kind: 'vectors'; readonly key: string; readonly column: string; readonly width: number };

/** A column that was read for a need. */
export const columnIn = <K extends keyof ColumnForms>({ columns }: ColumnRows, form: K, key: string): ColumnForms[K] =>
  columns[form][key]!;

/** The row indices 0 … size − 1. */
export function allRows(size: number): Uint32Array {
  const rows = new Uint32Array(size);
  for (let row = 0; row < size; row++) rows[row] = row;
  return rows;
}

/** @throws PolytaskError for a row index outside of 0 … size − 1 */
export function checkRows(rows: ArrayLike<number>, size: number): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (row >>> 0 !== row || row >= size) {
      fail({
        expected: `row numbers from 0 to ${size - 1}`,
        received: `${row} at place ${i}`,
        fix: 'Rows are counted from 0, within their table.',
      });
    }
  }
}

/** Puts arrays of numbers one after the other. @param make an array of this length */
export function joinArrays<A extends Float64Array | Float32Array | Int32Array | Uint32Array>(
  parts: readonly A[],
  make: (length: number) => A,
): A {
  const all = make(sum(parts, ({ length }) => length));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Copies rows of a row-major array [rows × width] into `target`, in the order of `rows`. */
export function gather<A extends Float64Array | Float32Array | Int32Array>(
  source: A,
  width: number,
  rows: ArrayLike<number>,
  target: A,
): A {
  if (width === 1) {
    for (let i = 0; i < rows.length; i++) target[i] = source[rows[i]!]!;
    return target;
  }
  for (let i = 0, at = 0; i < rows.length; i++) {
    const end = (rows[i]! + 1) * width;
    for (let from = end - width; from < end; from++) target[at++] = source[from]!;
  }
  return target;
}

/** Copies rows of a column of lists. A row index of −1 gives an empty list. */
export function gatherLists({ offsets, codes, ...rest }: Lists, rows: ArrayLike<number>): Lists {
  const starts = new Uint32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) {
    starts[i + 1] = starts[i]! + (rows[i]! < 0 ? 0 : offsets[rows[i]! + 1]! - offsets[rows[i]!]!);
  }
  const gathered = new Int32Array(starts[rows.length]!);
  for (let i = 0; i < rows.length; i++) {
    if (rows[i]! >= 0) gathered.set(codes.subarray(offsets[rows[i]!], offsets[rows[i]! + 1]), starts[i]);
  }
  return { offsets: starts, codes: gathered, ...rest };
}

/** Copies rows of all columns, in the order of `rows`. Dictionaries are shared. */
export function gatherColumns(columns: Columns, rows: ArrayLike<number>): Columns {
  return {
    numbers: mapValues(columns.numbers, (values) => gather(values, 1, rows, new Float64Array(rows.length))),
    texts: mapValues(columns.texts, ({ codes, dictionary }) => ({
      codes: gather(codes, 1, rows, new Int32Array(rows.length)),
      dictionary,
    })),
    lists: mapValues(columns.lists, (lists) => gatherLists(lists, rows)),
    vectors: mapValues(columns.vectors, ({ width, values }) => ({
      width,
      values: gather(values, width, rows, new Float32Array(rows.length * width)),
    })),
  };
}

/** The same columns with dictionaries of the texts that their rows have. Rows that are few have whole dictionaries otherwise. */
export const withoutUnusedTexts = (columns: Columns): Columns => ({
  ...columns,
  texts: mapValues(columns.texts, usedTexts),
  lists: mapValues(columns.lists, (lists) => ({ ...lists, ...usedTexts(lists) })),
});

/** The different texts that rows have, in the order of the first ones. */
export const textsIn = memoized((column: Texts): readonly string[] => usedTexts(column).dictionary);

/** The same texts by the codes of their first rows, without those that no row has. */
export function usedTexts({ codes, dictionary }: Texts): Texts {
  const codeOf = new Int32Array(dictionary.length).fill(-1);
  const used: string[] = [];
  const newCodes = codes.map((code) => {
    if (code < 0) return -1;
    if (codeOf[code]! < 0) codeOf[code] = used.push(dictionary[code]!) - 1;
    return codeOf[code]!;
  });
  return { codes: newCodes, dictionary: used };
}
