import { recordOf } from '@polytask/components';
import { fail, suggestion, type Tasks } from '@polytask/core';
import { type Columns, FORMS, gatherColumns, type Texts } from '../columns/columns.ts';
import { type Declaration, declarationOf } from '../declarations/declaration.ts';
import { createTable, type Table } from './table.ts';

/**
 * Adds the features of another table's rows to the rows of a table. Two rows belong together when they have the same text in a
 * column that both tables have, such as a user's id. Rows without a partner have missing values there.
 *
 * @param on the column. Both tables read it as text: it is a categorical or hashed feature's, or named in `keep`
 * @throws PolytaskError for a column that one table lacks, for a text that occurs twice in the other table's column, and for a
 * feature or column name that both tables have
 * @example
 * const users = await readCsv('users.csv', { features: { age: numeric() }, tasks: {}, keep: ['user_id'] });
 * const table = join(impressions, users, 'user_id');
 */
export const joinTables = <T extends Tasks>(table: Table<T>, other: Table, on: string): Table<T> =>
  joinWith(other, on).join(table);

/** Reads the keys of the other table once, for a join with many tables. */
export function joinWith(other: Table, on: string) {
  const rowOf = rowsByText(other, on);
  if (Object.keys(other.columns.vectors).length > 0) {
    fail({
      expected: `numbers, categories or lists in the table that is joined by "${on}"`,
      received: 'a vector, which may not be missing',
      fix: 'Declare its columns numeric().',
    });
  }
  const declaration = <T extends Tasks>(rows: Declaration<T>): Declaration<T> => ({
    ...declarationOf(rows),
    features: { ...rows.features, ...other.features },
    keep: [...new Set([...(rows.keep ?? []), ...(other.keep ?? [])])],
  });
  return {
    declaration,
    join<T extends Tasks>(table: Table<T>): Table<T> {
      const keys = keysOf(table, on);
      checkNames(table, other, on);
      const byCode = Int32Array.from(keys.dictionary, (text) => rowOf.get(text) ?? -1);
      const rows = keys.codes.map((code) => (code < 0 ? -1 : byCode[code]!));
      const found = gatherColumns(other.columns, rows);
      const columns = recordOf(FORMS, (form) => ({ ...found[form], ...table.columns[form] })) as Columns;
      return createTable(declaration(table), columns, table.size, (row) => table.where(row), table.skipped);
    },
  };
}

function checkNames(table: Table, other: Table, on: string): void {
  const clash =
    Object.keys(other.features).find((name) => name in table.features) ??
    FORMS.flatMap((form) =>
      Object.keys(other.columns[form]).filter((key) => key !== on && key in table.columns[form]),
    ).at(0);
  if (clash === undefined) return;
  fail({
    expected: 'tables with features and columns of different names',
    received: `"${clash}" in both`,
    fix: 'Leave it out of one.',
  });
}

function keysOf(table: Table, on: string): Texts {
  return (
    table.columns.texts[on] ??
    fail({
      expected: `column "${on}" as text in both tables, to join by`,
      received: 'a table without it',
      fix: `${suggestion(on, Object.keys(table.columns.texts))} A column that is no feature is read with keep: ["${on}"].`,
    })
  );
}

function rowsByText(table: Table, on: string): Map<string, number> {
  const { codes, dictionary } = keysOf(table, on);
  const rowOf = new Map<string, number>();
  codes.forEach((code, row) => {
    if (code < 0) return;
    const key = dictionary[code]!;
    const first = rowOf.get(key);
    if (first !== undefined) {
      fail({
        expected: `each value of "${on}" once in the table that is joined`,
        received: `${JSON.stringify(key)} in ${table.where(first)} and in ${table.where(row)}`,
        fix: 'Keep one row of each.',
      });
    }
    rowOf.set(key, row);
  });
  return rowOf;
}
