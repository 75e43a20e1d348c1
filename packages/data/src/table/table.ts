import { fail, suggestion, type Tasks } from '@polytask/core';
import {
  checkRows,
  gatherColumns,
  type ColumnRows,
  type Columns,
  type ColumnForms,
  type Need,
} from '../columns/columns.ts';
import { declarationOf, type Declaration, needsOf } from '../declarations/declaration.ts';
import {
  listsBuilder,
  numbersBuilder,
  textsBuilder,
  vectorsBuilder,
  type ColumnBuilder,
  type MissingMarkers,
} from '../columns/builders.ts';

/** Raw rows in typed columns, with their declaration. They are neither fitted nor encoded. */
export interface Table<T extends Tasks = Tasks, F extends string = string> extends Declaration<T, F>, ColumnRows {
  /** The rows with these indices, in this order. */
  subset(rows: ArrayLike<number>): Table<T, F>;
}

/** Makes a table of columns. */
export function createTable<T extends Tasks, F extends string = string>(
  declared: Declaration<T, F>,
  columns: Columns,
  size: number,
  where: (row: number) => string,
): Table<T, F> {
  const declaration = declarationOf(declared);
  return {
    ...declaration,
    size,
    columns,
    where,
    subset(rows) {
      checkRows(rows, size);
      return createTable(declaration, gatherColumns(columns, rows), rows.length, (row) => where(rows[row]!));
    },
  };
}

/**
 * Gives each row a group number. Rows with the same value in a column have the same number. `evaluate` takes the numbers as
 * `groups`, for AUC by user, and so does `splitRows`. Rows of a table that declares the column as `groups` carry them already.
 *
 * @param column a feature's, a label's, or one named in `keep`
 * @returns [rows]
 * @throws PolytaskError for a column that the table lacks, or that has missing values
 * @example await evaluate(model, test, { groups: groupsOf(raw.test, 'user_id') });
 */
export function groupsOf({ columns, where }: Table, column: string): ArrayLike<number> {
  const groups = columns.texts[column]?.codes ?? columns.numbers[column];
  if (!groups) {
    const names = [...Object.keys(columns.texts), ...Object.keys(columns.numbers)];
    const keep = `A column that is neither feature nor label is read with keep: ["${column}"].`;
    return fail({
      expected: `column "${column}" in the table, to group rows by`,
      received: 'a table without it',
      fix: `${suggestion(column, names)} ${keep}`,
    });
  }
  const missing = columns.texts[column] ? -1 : NaN;
  const gap = Array.prototype.findIndex.call(groups, (group) => Object.is(group, missing));
  if (gap >= 0) {
    fail({
      expected: `a value in every row of column "${column}", to group rows by`,
      received: `none in ${where(gap)}`,
      fix: 'Give those rows a value of their own, or leave them out.',
    });
  }
  return groups;
}

/** The builder of one column, and the declaration's need that it fills. */
export interface Sink {
  readonly need: Need;
  readonly builder: ColumnBuilder<ColumnForms[keyof ColumnForms]>;
}

/**
 * A table in progress. A reader pushes one value a row into each sink, and calls `finish` after the last row.
 *
 * @throws PolytaskError for a declaration without features, or one that contradicts itself
 */
export function tableBuilder<T extends Tasks, F extends string = string>(
  declaration: Declaration<T, F>,
  missing?: MissingMarkers,
) {
  const sinks = needsOf(declaration).map((need): Sink => ({ need, builder: builderOf(need, missing) }));
  const columnsOf = <K extends keyof ColumnForms>(form: K): Columns[K] =>
    Object.fromEntries(
      sinks.filter(({ need }) => need.kind === form).map(({ need, builder }) => [need.key, builder.finish()]),
    ) as Columns[K];
  return {
    sinks,
    finish(size: number, where: (row: number) => string): Table<T, F> {
      const columns = {
        numbers: columnsOf('numbers'),
        texts: columnsOf('texts'),
        lists: columnsOf('lists'),
        vectors: columnsOf('vectors'),
      };
      return createTable(declaration, columns, size, where);
    },
  };
}

function builderOf(need: Need, missing: MissingMarkers | undefined): Sink['builder'] {
  switch (need.kind) {
    case 'numbers':
      return numbersBuilder(missing);
    case 'texts':
      return textsBuilder(missing);
    case 'lists':
      return listsBuilder(need.separator, need.empty, missing, need.emptyCell);
    case 'vectors':
      return vectorsBuilder(need.width);
  }
}
