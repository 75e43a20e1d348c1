import { checkOptions, checks, type Options, type Schema, type Tasks, type ExampleStream } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import { encode } from '../fitting/encode.ts';
import { schemaFitter } from '../fitting/fit-schema.ts';
import type { TableStream } from './table-stream.ts';

export interface FitStreamOptions {
  /**
   * So many different values of a feature are counted at a time; past that the rarest are forgotten. Memory is about 100
   * bytes a value. Default 1,000,000.
   */
  readonly maxCounted?: number;
}

export const FIT_STREAM_OPTIONS: Options<FitStreamOptions> = { maxCounted: checks.optional(checks.wholeNumber(2)) };

/**
 * {@link fitSchema} over rows that don't fit into memory, in one pass: the same numbers to the last bit, and the same
 * vocabularies as long as no feature has more than `maxCounted` different values.
 *
 * @throws PolytaskError where a task has no label, a positive value is misspelt, or the source can't be read
 * @example
 * const rows = csvStream('impressions.csv.gz', { features, tasks });
 * const schema = await fitStreamSchema(rows);
 * await fit(multiTaskModel({ schema, network, seed: 7 }), encodeStream(rows, schema));
 */
export async function fitStreamSchema<T extends Tasks>(
  rows: TableStream<T>,
  options: FitStreamOptions = {},
): Promise<Schema<T>> {
  checkOptions(options, FIT_STREAM_OPTIONS, 'fitStreamSchema');
  const fitter = schemaFitter(rows, checkMaxCounted(options.maxCounted));
  for await (const table of rows.tables()) fitter.add(table, allRows(table.size));
  return fitter.finish();
}

/** The number, or the default. Throws unless it is one. */
export function checkMaxCounted(maxCounted = 1_000_000): number {
  checks.wholeNumber(2)(maxCounted, 'maxCounted');
  return maxCounted;
}

/**
 * Rows as `fit` and `evaluate` read them, encoded piece by piece as they come.
 *
 * @throws PolytaskError as {@link encode} does, when the rows are read
 * @example await evaluate(model, encodeStream(csvStream('test.csv', { features, tasks }), model.schema));
 */
export const encodeStream = <T extends Tasks>(rows: TableStream<T>, schema: Schema<T>): ExampleStream<T> => ({
  schema,
  size: rows.size,
  async *chunks() {
    for await (const table of rows.tables()) yield encode(table, schema).arrays;
  },
});
