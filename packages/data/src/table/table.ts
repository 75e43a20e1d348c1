import { fail, suggestion, type Tasks } from '@polytask/core';
import { checkRows, gatherColumns, type ColumnForms, type Columns } from '../columns/columns.ts';
import type { Declaration } from '../declarations/declaration.ts';

/** Raw rows, column by column on typed arrays, and what they are for. Not fitted, not encoded. */
export interface Table<T extends Tasks = Tasks> extends Declaration<T> {
  /** Rows. */
  readonly size: number;
  readonly columns: Columns;
  /** Where a row comes from, for messages: `people.csv, line 7`. */
  where(row: number): string;
  /** The rows with these numbers, in this order. */
  subset(rows: ArrayLike<number>): Table<T>;
}

/** A table of given columns. */
export function createTable<T extends Tasks>(
  declaration: Declaration<T>,
  columns: Columns,
  size: number,
  where: (row: number) => string,
): Table<T> {
  const { features, tasks, keep = [] } = declaration;
  return {
    features,
    tasks,
    keep,
    size,
    columns,
    where,
    subset(rows) {
      checkRows(rows, size);
      return createTable(declaration, gatherColumns(columns, rows), rows.length, (row) => where(rows[row]!));
    },
  };
}

/** A column that the table's own declaration asked for. */
export const columnIn = <K extends keyof ColumnForms>(table: Table, form: K, key: string): ColumnForms[K] =>
  table.columns[form][key]!;

/**
 * A number for each row, the same where a column has the same value: the groups of `evaluate`, for AUC by user, and of
 * `splitRows`. The column is a feature's, a label's, or one named in `keep`.
 *
 * @throws PolytaskError where the column is not there or has gaps
 * @example await evaluate(model, test, { groups: groupsOf(raw.test, 'user_id') });
 */
export function groupsOf({ columns, where }: Table, column: string): ArrayLike<number> {
  const groups = columns.texts[column]?.codes ?? columns.numbers[column];
  if (!groups) {
    return fail({
      expected: `column "${column}" in the table, to group rows by`,
      received: 'a table without it',
      mend: `${suggestion(column, [...Object.keys(columns.texts), ...Object.keys(columns.numbers)])} A column that is neither feature nor label is read with keep: ["${column}"].`,
    });
  }
  const missing = columns.texts[column] ? -1 : NaN;
  const gap = Array.prototype.findIndex.call(groups, (group) => Object.is(group, missing));
  if (gap >= 0) {
    fail({
      expected: `a value in every row of column "${column}", to group rows by`,
      received: `none in ${where(gap)}`,
      mend: 'Give those rows a value of their own, or leave them out.',
    });
  }
  return groups;
}
