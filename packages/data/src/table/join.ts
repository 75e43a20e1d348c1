import { fail, suggestion, type Tasks } from '@polytask/core';
import type { Columns, ColumnForms, Lists, Texts } from '../columns/columns.ts';
import { createTable, type Table } from './table.ts';

/**
 * The rows of a table with the features of another one's rows: those that have the same text in a column that both have,
 * such as the user's features at each impression. Rows without a partner have missing values there.
 *
 * @param on the column; both tables read it as text (a categorical or hashed feature's, or one named in `keep`)
 * @throws PolytaskError where the column is not there, stands twice in the other table, or both tables have a feature or a
 * column of the same name
 * @example
 * const users = await readCsv('users.csv', { features: { age: numeric() }, tasks: {}, keep: ['user_id'] });
 * const table = join(impressions, users, 'user_id');
 */
export function join<T extends Tasks>(table: Table<T>, other: Table, on: string): Table<T> {
  const rows = partners(keysOf(table, on), keysOf(other, on), (row) => other.where(row), on);
  const clash =
    Object.keys(other.features).find((name) => name in table.features) ??
    (['numbers', 'texts', 'lists', 'vectors'] as const)
      .flatMap((form) => Object.keys(other.columns[form]).filter((key) => key !== on && key in table.columns[form]))
      .at(0);
  if (clash !== undefined) {
    fail({
      expected: 'tables with features and columns of different names',
      received: `"${clash}" in both`,
      mend: 'Leave it out of one.',
    });
  }
  const { features, tasks, keep } = table;
  const merged = <K extends keyof ColumnForms>(
    form: K,
    gather: (column: ColumnForms[K]) => ColumnForms[K],
  ): Columns[K] =>
    ({
      ...Object.fromEntries(
        Object.entries(other.columns[form]).map(([key, column]) => [key, gather(column as ColumnForms[K])]),
      ),
      ...table.columns[form],
    }) as Columns[K];
  return createTable(
    {
      features: { ...features, ...other.features },
      tasks,
      keep: [...new Set([...(keep ?? []), ...(other.keep ?? [])])],
    },
    {
      numbers: merged('numbers', (values) => Float64Array.from(rows, (row) => (row < 0 ? NaN : values[row]!))),
      texts: merged('texts', ({ codes, dictionary }): Texts => ({
        codes: rows.map((row) => (row < 0 ? -1 : codes[row]!)),
        dictionary,
      })),
      lists: merged('lists', (lists) => gatherLists(lists, rows)),
      vectors: merged('vectors', () => noVectors(on)),
    },
    table.size,
    (row) => table.where(row),
  );
}

function keysOf(table: Table, on: string): Texts {
  return (
    table.columns.texts[on] ??
    fail({
      expected: `column "${on}" as text in both tables, to join by`,
      received: 'a table without it',
      mend: `${suggestion(on, Object.keys(table.columns.texts))} A column that is no feature is read with keep: ["${on}"].`,
    })
  );
}

/** The other table's row for each row; −1 where there is none. */
function partners(left: Texts, right: Texts, where: (row: number) => string, on: string): Int32Array {
  const rowOf = new Map<string, number>();
  right.codes.forEach((code, row) => {
    if (code < 0) return;
    const key = right.dictionary[code]!;
    const first = rowOf.get(key);
    if (first !== undefined) {
      fail({
        expected: `each value of "${on}" once in the table that is joined`,
        received: `${JSON.stringify(key)} in ${where(first)} and in ${where(row)}`,
        mend: 'Keep one row of each.',
      });
    }
    rowOf.set(key, row);
  });
  const byCode = Int32Array.from(left.dictionary, (text) => rowOf.get(text) ?? -1);
  return left.codes.map((code) => (code < 0 ? -1 : byCode[code]!));
}

function gatherLists({ offsets, codes, ...rest }: Lists, rows: Int32Array): Lists {
  const starts = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => (starts[i + 1] = starts[i]! + (row < 0 ? 0 : offsets[row + 1]! - offsets[row]!)));
  const gathered = new Int32Array(starts[rows.length]!);
  rows.forEach((row, i) => row >= 0 && gathered.set(codes.subarray(offsets[row], offsets[row + 1]), starts[i]));
  return { offsets: starts, codes: gathered, ...rest };
}

function noVectors(on: string): never {
  return fail({
    expected: `numbers, categories or lists in the table that is joined by "${on}"`,
    received: 'a vector, which may not be missing',
    mend: 'Declare its columns numeric().',
  });
}
