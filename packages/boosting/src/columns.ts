import { fail, shown } from '@polytask/components';

/** Numbers, one for each row. NaN, null and undefined are missing values. */
export type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array | readonly (number | null)[];

/** Names of categories, one for each row. null and undefined are missing values. */
export type Texts = readonly (string | null)[];

/** Codes of categories: integers, one for each row. Negative codes are missing values. */
export interface Codes {
  readonly codes: ArrayLike<number>;
}

/** The values of one feature. Texts and codes are categories, which have no order. */
export type Column = Numbers | Texts | Codes;

/** The features of all rows, by their names. All columns have the same length. */
export type Columns = Readonly<Record<string, Column>>;

export type CheckedColumn =
  | { readonly name: string; readonly numbers: ArrayLike<number | null> }
  | { readonly name: string; readonly categories: ArrayLike<number | string | null>; readonly texts: boolean };

export const isMissing = (value: unknown): value is null | undefined =>
  value === null || value === undefined || value !== value;

/** @param like a column before, with as many rows @throws PolytaskError without a column or row, and for lengths or values that don't fit */
export function checkColumns(
  columns: readonly (readonly [string, Column])[],
  like?: { readonly name: string; readonly rows: number },
): {
  readonly columns: CheckedColumn[];
  readonly rows: number;
} {
  const checked = columns.map(([name, column]) => checkColumn(name, column));
  const [first] = checked;
  if (!first)
    return fail({ expected: 'at least one column', received: '{}', fix: 'Pass the features by their names.' });
  const rows = like?.rows ?? lengthOf(first);
  for (const other of checked)
    if (lengthOf(other) !== rows)
      fail({
        expected: `columns of the same length (${rows}, as "${(like ?? first).name}")`,
        received: `${lengthOf(other)} values of "${other.name}"`,
        fix: 'Pass one value for each row, null where it is missing.',
      });
  if (rows === 0) fail({ expected: 'at least one row', received: 'none', fix: 'Pass columns with values.' });
  return { columns: checked, rows };
}

const lengthOf = (column: CheckedColumn): number =>
  'numbers' in column ? column.numbers.length : column.categories.length;

function checkColumn(name: string, column: Column): CheckedColumn {
  if (ArrayBuffer.isView(column)) return { name, numbers: column };
  if (isList(column)) {
    const texts = typeof column.find((value) => !isMissing(value)) === 'string';
    const wanted = texts ? 'string' : 'number';
    const bad = column.findIndex((value) => !isMissing(value) && typeof value !== wanted);
    if (bad >= 0)
      fail({
        expected: `${texts ? 'a text' : 'a number'} or null in column "${name}", as its first value`,
        received: `${shown(column[bad])} in row ${bad}`,
        fix: 'Give all values of a column one type.',
      });
    return texts
      ? { name, categories: column as Texts, texts: true }
      : { name, numbers: column as readonly (number | null)[] };
  }
  const codes = (column as Partial<Codes> | undefined)?.codes;
  if (!codes || !(ArrayBuffer.isView(codes) || isList(codes)))
    return fail({
      expected: `numbers, texts or { codes } for column "${name}"`,
      received: shown(column),
      fix: 'Pass a typed array, a list, or { codes: Int32Array.of(…) }.',
    });
  for (let row = 0; row < codes.length; row++)
    if (!Number.isInteger(codes[row]))
      fail({
        expected: `whole numbers as the codes of column "${name}"`,
        received: `${shown(codes[row])} in row ${row}`,
        fix: 'A negative code is a missing value.',
      });
  return { name, categories: codes, texts: false };
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
