import type { Tasks } from '@polytask/core';
import {
  listsBuilder,
  numbersBuilder,
  textsBuilder,
  vectorsBuilder,
  type ColumnBuilder,
  type MissingMarkers,
} from '../columns/builders.ts';
import type { ColumnForms, Columns } from '../columns/columns.ts';
import type { Declaration } from '../declarations/declaration.ts';
import { needsOf } from '../declarations/needs.ts';
import type { Need } from '../fitting/feature-kinds.ts';
import { createTable, type Table } from './table.ts';

/** One column that is being filled. */
export interface Sink {
  readonly need: Need;
  readonly builder: ColumnBuilder<ColumnForms[keyof ColumnForms]>;
}

/** A table that is being filled: every reader pushes one value a row into each sink. */
interface TableBuilder<T extends Tasks> {
  readonly sinks: readonly Sink[];
  finish(size: number, where: (row: number) => string): Table<T>;
}

export function tableBuilder<T extends Tasks>(declaration: Declaration<T>, missing?: MissingMarkers): TableBuilder<T> {
  const sinks = needsOf(declaration).map((need): Sink => ({ need, builder: builderOf(need, missing) }));
  const finished = <K extends keyof ColumnForms>(form: K): Columns[K] =>
    Object.fromEntries(
      sinks
        .filter(({ need }) => need.kind === form)
        .map(({ need, builder }) => [need.key, builder.finish() as ColumnForms[K]]),
    ) as Columns[K];
  return {
    sinks,
    finish: (size, where) =>
      createTable(
        declaration,
        {
          numbers: finished('numbers'),
          texts: finished('texts'),
          lists: finished('lists'),
          vectors: finished('vectors'),
        },
        size,
        where,
      ),
  };
}

function builderOf(need: Need, missing: MissingMarkers | undefined): Sink['builder'] {
  switch (need.kind) {
    case 'numbers':
      return numbersBuilder(missing);
    case 'texts':
      return textsBuilder(missing);
    case 'lists':
      return listsBuilder(need.separator, missing);
    case 'vectors':
      return vectorsBuilder(need.width);
  }
}
