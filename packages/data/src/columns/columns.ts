import { mapValues, memoized, sum, fail, shown, suggestion } from '@polytask/components';
import { parseNumber } from '@polytask/core';
import { type DateFormat, timeOf } from '@polytask/core/features';

/** Reads the values of a column: a number or NaN, a text or null, a list (of numbers with `hasNumbers`), or the numbers of a vector. */
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

/** Reads lists of numbers, NaN for a missing entry. The reader throws for an entry that is no number. */
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

export const FORMS = ['numbers', 'texts', 'lists', 'vectors'] as const;

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

/** One number or text a row, under the column's own name. */
export const needOf = (kind: 'numbers' | 'texts', column: string): Need => ({ kind, key: column, column });

export const columnIn = <K extends keyof ColumnForms>({ columns }: ColumnRows, form: K, key: string): ColumnForms[K] =>
  columns[form][key]!;

export function allRows(size: number): Uint32Array {
  const rows = new Uint32Array(size);
  for (let row = 0; row < size; row++) rows[row] = row;
  return rows;
}

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

export type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array;

/** The class of a typed array. */
export type ArrayClass<A extends Numbers> = new (length: number) => A;

/** Puts arrays of numbers one after the other. */
export function joinArrays<A extends Numbers>(parts: readonly A[], Of: ArrayClass<A>): A {
  const all = new Of(sum(parts, ({ length }) => length));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Copies rows of a row-major array [rows × width] into `target`. With width 1, row −1 gives a missing value: NaN, or code −1. */
export function gather<A extends Numbers>(source: A, width: number, rows: ArrayLike<number>, target: A): A {
  if (width === 1) {
    const missing = target instanceof Int32Array ? -1 : NaN;
    for (let i = 0; i < rows.length; i++) target[i] = rows[i]! < 0 ? missing : source[rows[i]!]!;
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

/** Copies rows of columns. A row index of −1 gives missing values, except of vectors. */
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

/** The times of texts: numbers if all are numbers, else ms since 1970 of dates and months; NaN for others, such as `05/01/2026` without a format. */
export function timesOf(texts: readonly string[], format?: DateFormat): number[] {
  const numbers = texts.map(parseNumber);
  if (!numbers.some(Number.isNaN)) return numbers;
  return texts.map((text) => timeOf(text, format) ?? timeOf(`${text}-01`) ?? NaN);
}

/** The text of a categorical value, as core's encoder reads it: '' for a missing value, undefined for an object. */
export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export const isNumber = (text: string): boolean => !Number.isNaN(parseNumber(text));

/** A copy of a text. A part of a longer text would keep all of it in memory. */
export const ownText = (text: string): string => ` ${text}`.slice(1);

export const noColumn = (
  column: string,
  place: string,
  names: readonly string[],
  more = `If a column was renamed, give it the name "${column}" again. If it is gone, add it with empty values.`,
): never =>
  fail({
    expected: `column "${column}" in ${place}`,
    received: `${names.length} other ${names.length === 1 ? 'column' : 'columns'}`,
    fix: `${suggestion(column, names)} ${more}`,
  });

export const noRows = (
  source: string,
  received = 'none',
  fix = 'Look whether the file is the right one and whole.',
): never => fail({ expected: `at least one row in ${source}`, received, fix });

export function wrongValue(value: unknown, expected: string, column: string, where: string, fix: string): never {
  return fail({ expected: `${expected} in ${where}, column "${column}"`, received: shown(value), fix });
}

export function wrongStored(
  value: unknown,
  expected: string,
  { kind, column }: { readonly kind: string; readonly column: string },
  where: string,
): never {
  const fix =
    kind === 'numbers' ? 'Correct it, or declare the column categorical().' : 'Write null where a value is missing.';
  return wrongValue(value, expected, column, where, fix);
}

/** A value of a file with types, as the column of a need takes it. */
export const valueFor = ({ kind }: { readonly kind: string }, value: unknown): unknown =>
  kind === 'numbers' || kind === 'vectors' ? asNumber(value) : asText(value);

/**
 * Gives null for a value, or an entry of a list, that means "no value".
 *
 * @param missing such as `?`, or `-999`, which also stands for the number
 */
export function withoutMarkers(missing: readonly string[] = []): (value: unknown) => unknown {
  const markers: ReadonlySet<unknown> = new Set(missing);
  const read = (value: unknown) => (markers.has(typeof value === 'number' ? String(value) : value) ? null : value);
  return (value) => (Array.isArray(value) ? value.map(read) : read(value));
}

/** A value for a column of numbers: 64-bit integers that a double can hold, dates as milliseconds since 1970. */
function asNumber(value: unknown): unknown {
  if (typeof value === 'bigint') return BigInt(Number(value)) === value ? Number(value) : value;
  if (value instanceof Date) return value.getTime();
  return Array.isArray(value) ? value.map(asNumber) : value;
}

/** A value for a column of texts. */
export function asText(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.map(asText) : value;
}
