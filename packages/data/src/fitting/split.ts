import { fail } from '@polytask/components';
import { permutation, randomStream, type Tasks } from '@polytask/core';
import { encode } from './encode.ts';
import { fitSchema } from './fit-schema.ts';
import type { Table } from '../table/table.ts';
import type { EncodedTable } from '../examples/encoded-table.ts';
import { anySplit, mapParts, rowsOfParts } from './row-split.ts';
import type { ColumnSplit, Fold, Parts, RandomSplit, SplitRows, TimeSplit } from './row-split.ts';

export interface Split<T extends Tasks, F extends string = string> extends Parts<EncodedTable<T, F>> {}

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
  const { fold, ...given } = { kind: 'random', ...options } as RandomSplit & { readonly fold?: Fold };
  const { seed = 0, ...how } = anySplit.read(given, 'split') as RandomSplit;
  if (fold && how.test !== undefined)
    fail({ expected: 'test or fold', received: 'both', fix: 'The fold has the test rows: leave test out.' });
  const rows = rowsOfParts(table, how, seed, fold);
  const schema = fitSchema(table, rows.train);
  return { ...mapParts(rows, (part) => encode(table, schema, part)), rows };
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
