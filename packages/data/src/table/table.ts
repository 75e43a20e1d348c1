import type { Tasks } from '@polytask/core';
import type { ColumnForms, Columns } from '../columns/columns.ts';
import { checkRows } from '../columns/gather.ts';
import { gatherColumns } from '../columns/gather-columns.ts';
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
