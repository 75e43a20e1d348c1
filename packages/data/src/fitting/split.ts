import { readOptions, permutation, randomStream, suggestion, fail, type Tasks } from '@polytask/core';
import { encode } from './encode.ts';
import { fitSchema } from './fit-schema.ts';
import { anything } from '../options/checks.ts';
import type { Table } from '../table/table.ts';
import type { EncodedTable } from '../examples/encoded-table.ts';
import {
  type ColumnSplit,
  type Fold,
  type RandomSplit,
  rowsOfParts,
  type RowSplit,
  SPLITS,
  type TimeSplit,
} from './row-split.ts';
import { mapParts, type SplitRows } from './split-rows.ts';

export interface Split<T extends Tasks, F extends string = string> {
  readonly train: EncodedTable<T, F>;
  readonly validation: EncodedTable<T, F>;
  readonly test: EncodedTable<T, F>;
}

/** The encoded parts of a table, and the indices of their rows in it. */
export interface TableSplit<T extends Tasks, F extends string = string> extends Split<T, F> {
  readonly rows: SplitRows;
}

/** The options of a split, which are those of `split` in a data set file. The default kind is `random`. */
export type TableSplitOptions =
  | (Omit<RandomSplit, 'kind'> & {
      readonly kind?: 'random';
      /** One of k folds as the test rows, in place of `test`. The folds of one seed are k equal parts of the rows. */
      readonly fold?: Fold;
    })
  | ColumnSplit
  | TimeSplit;

/**
 * Splits a table's rows, fits the schema on the training part, and encodes all parts with that schema. Vocabularies,
 * means and standard deviations thus come from the training rows only.
 *
 * @param options at random, stratified, by groups, by time, or by a column's values. A part with fraction 0, the default, has no rows
 * @throws PolytaskError for an unknown option, a fraction outside of [0, 1), a part that would be empty, and a column that the
 * table lacks or that has missing values
 * @example const { train, validation, test } = split(table, { validation: 0.1, test: 0.1, seed: 7 });
 */
export function split<T extends Tasks, F extends string = string>(
  table: Table<T, F>,
  options: TableSplitOptions = {},
): TableSplit<T, F> {
  const { how, seed, fold } = checked(options);
  const rows = rowsOfParts(table, how, seed, fold);
  const schema = fitSchema(table, rows.train);
  return { ...mapParts(rows, (part) => encode(table, schema, part)), rows };
}

function checked(options: TableSplitOptions): { how: RowSplit; seed: number; fold?: Fold | undefined } {
  const { kind = 'random' } = (options ?? {}) as { readonly kind?: RowSplit['kind'] };
  if (!Object.hasOwn(SPLITS, kind))
    fail({ expected: 'a kind of split', received: JSON.stringify(kind), fix: suggestion(kind, Object.keys(SPLITS)) });
  if (kind !== 'random') {
    readOptions(options, SPLITS[kind], 'split');
    return { how: options as RowSplit, seed: 0 };
  }
  // splitRows checks the fractions
  const checks = {
    ...SPLITS.random,
    validation: anything,
    test: anything,
    seed: anything,
    fold: anything,
  };
  readOptions(options, checks, 'split');
  const { fold, seed = 0, ...rest } = options as Exclude<TableSplitOptions, ColumnSplit | TimeSplit>;
  if (fold && rest.test !== undefined)
    fail({ expected: 'test or fold', received: 'both', fix: 'The fold has the test rows: leave test out.' });
  return { how: { ...rest, kind }, seed, fold };
}

/**
 * Puts rows into a random order, which depends on the seed only.
 *
 * @param table a raw table or an encoded one
 * @example const shuffled = shuffle(table, 7);
 */
export const shuffle = <S extends { readonly size: number; subset(rows: ArrayLike<number>): S }>(
  table: S,
  seed: number,
): S => table.subset(permutation(randomStream(seed, 'shuffle'), table.size));
