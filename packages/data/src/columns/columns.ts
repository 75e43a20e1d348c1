import { fail } from '@polytask/core';

/** Texts by number: `dictionary[codes[row]]`. */
export interface Texts {
  /** [rows]; −1 where the value is missing. */
  readonly codes: Int32Array;
  readonly dictionary: readonly string[];
}

/** Several texts in a row: those of row r are `codes[offsets[r]]` to `codes[offsets[r + 1] − 1]`. */
export interface Lists {
  /** [rows + 1] */
  readonly offsets: Uint32Array;
  readonly codes: Int32Array;
  readonly dictionary: readonly string[];
  /** What stood between them where the cell was one text. */
  readonly separator: string;
}

/** `width` numbers in a row, row-major [rows × width]. */
export interface Vectors {
  readonly width: number;
  readonly values: Float32Array;
}

/** The forms in which a column can be held. Numbers: [rows], NaN where the value is missing. */
export interface ColumnForms {
  readonly numbers: Float64Array;
  readonly texts: Texts;
  readonly lists: Lists;
  readonly vectors: Vectors;
}

/** Raw columns by form and name: numbers and texts by the column's name, lists and vectors by the feature's. */
export type Columns = { readonly [K in keyof ColumnForms]: Readonly<Record<string, ColumnForms[K]>> };

/** 0 … size − 1 */
export function allRows(size: number): Uint32Array {
  const rows = new Uint32Array(size);
  for (let row = 0; row < size; row++) rows[row] = row;
  return rows;
}

type Numbers = Float64Array | Float32Array | Int32Array;

/** Copies rows of a row-major array [rows × width] into `to`, in the order of `rows`. */
export function gather<A extends Numbers>(from: A, width: number, rows: ArrayLike<number>, to: A): A {
  if (width === 1) {
    for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!;
    return to;
  }
  for (let i = 0, at = 0; i < rows.length; i++) {
    const end = (rows[i]! + 1) * width;
    for (let source = end - width; source < end; source++) to[at++] = from[source]!;
  }
  return to;
}

/** Throws where a number is not that of a row. */
export function checkRows(rows: ArrayLike<number>, size: number): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (row >>> 0 !== row || row >= size) {
      fail({
        expected: `row numbers from 0 to ${size - 1}`,
        received: `${row} at place ${i}`,
        mend: 'Rows are counted from 0, within the table that they are taken from.',
      });
    }
  }
}

/** The same columns with only these rows, in this order. Dictionaries are shared. */
export function gatherColumns(columns: Columns, rows: ArrayLike<number>): Columns {
  return {
    numbers: mapValues(columns.numbers, (values) => gather(values, 1, rows, new Float64Array(rows.length))),
    texts: mapValues(columns.texts, ({ codes, dictionary }): Texts => ({
      codes: gather(codes, 1, rows, new Int32Array(rows.length)),
      dictionary,
    })),
    lists: mapValues(columns.lists, (lists) => gatherLists(lists, rows)),
    vectors: mapValues(columns.vectors, ({ width, values }): Vectors => ({
      width,
      values: gather(values, width, rows, new Float32Array(rows.length * width)),
    })),
  };
}

function gatherLists({ offsets, codes, ...rest }: Lists, rows: ArrayLike<number>): Lists {
  const starts = new Uint32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) starts[i + 1] = starts[i]! + offsets[rows[i]! + 1]! - offsets[rows[i]!]!;
  const gathered = new Int32Array(starts[rows.length]!);
  for (let i = 0; i < rows.length; i++) {
    gathered.set(codes.subarray(offsets[rows[i]!], offsets[rows[i]! + 1]), starts[i]);
  }
  return { offsets: starts, codes: gathered, ...rest };
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
