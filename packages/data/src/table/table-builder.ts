import type { Tasks } from '@polytask/core';
import {
  listsBuilder,
  numbersBuilder,
  textsBuilder,
  vectorsBuilder,
  type ColumnBuilder,
  type MissingMarkers,
} from '../columns/builders.ts';
import type { ColumnForms, Columns, Need } from '../columns/columns.ts';
import { type Declaration, needsOf } from '../declarations/declaration.ts';
import { createTable, type Table } from './table.ts';

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
