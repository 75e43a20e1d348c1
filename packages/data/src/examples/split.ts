import { checkOptions, type Tasks } from '@polytask/core';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { anything } from '../options/checks.ts';
import { groupsOf } from '../table/groups-of.ts';
import type { Table } from '../table/table.ts';
import type { EncodedTable } from './encoded-table.ts';
import { SPLIT_OPTIONS, splitRows, type SplitOptions } from './split-rows.ts';

export interface Split<T extends Tasks> {
  readonly train: EncodedTable<T>;
  readonly validation: EncodedTable<T>;
  readonly test: EncodedTable<T>;
}

/**
 * Shares a table's rows out at random, fits the schema on the training part and encodes all parts with it: vocabularies,
 * means and deviations come from the training rows only.
 *
 * @param options `by`: a column whose rows with the same value stay in one part (a user's, for instance): a feature's, a
 * label's, or one named in `keep`. A part with fraction 0, the default, has size 0.
 * @throws PolytaskError where an option is unknown, a fraction is none, a part would be empty, or the column is not there or has gaps
 * @example const { train, validation, test } = split(table, { validation: 0.1, test: 0.1, seed: 7 });
 */
export function split<T extends Tasks>(
  table: Table<T>,
  options: SplitOptions & { readonly by?: string } = {},
): Split<T> {
  checkOptions(options, { ...SPLIT_OPTIONS, by: anything }, 'split');
  const { by, ...rest } = options;
  const rows = splitRows(table.size, by === undefined ? rest : { ...rest, groups: groupsOf(table, by) });
  const schema = fitSchema(table, rows.train);
  return {
    train: encode(table, schema, rows.train),
    validation: encode(table, schema, rows.validation),
    test: encode(table, schema, rows.test),
  };
}
