import { optional, readOptions, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { type Batch, type ExampleStream, type Schema, type Tasks, hashOf } from '@polytask/core';
import { encode } from '../fitting/encode.ts';
import { schemaFitter } from '../fitting/fit-schema.ts';
import type { Table } from '../table/table.ts';
import type { TableStream } from './table-stream.ts';

export const fitOptions = {
  /**
   * The largest number of different values to count for a feature. Beyond it, the rarest values are dropped. A value takes about
   * 100 bytes of memory.
   */
  maxCounted: optional(wholeNumber(2), 1_000_000),
};

export interface FitStreamOptions extends Written<typeof fitOptions>, FromDescription {}

/**
 * Fits a schema as {@link fitSchema} does, to rows that don't fit into memory, in one pass. The numbers are the same to the last
 * bit. The vocabularies are the same, too, unless a feature has more than `maxCounted` different values.
 *
 * @throws PolytaskError for a task without a label, a positive value that doesn't occur, and a source that can't be read
 * @example
 * const rows = csvStream('impressions.csv.gz', { features, tasks });
 * const schema = await fitStreamSchema(rows);
 * await fit(multiTaskModel({ schema, network, seed: 7 }), encodeStream(rows, schema));
 */
export async function fitStreamSchema<T extends Tasks>(
  rows: TableStream<T>,
  options: FitStreamOptions = {},
): Promise<Schema<T>> {
  const { maxCounted } = readOptions(options, fitOptions, 'fitStreamSchema');
  const fitter = schemaFitter<T>({ rows }, maxCounted);
  for await (const table of rows.tables()) fitter.add('rows', table);
  return fitter.finish();
}

/**
 * Encodes a stream for `fit` and `evaluate`, table by table.
 *
 * @throws PolytaskError as {@link encode} does, when the rows are read
 * @example await evaluate(model, encodeStream(csvStream('test.csv', { features, tasks }), model.schema));
 */
export const encodeStream = <T extends Tasks>(rows: TableStream<T>, schema: Schema<T>): ExampleStream<T> => ({
  schema,
  size: rows.size,
  ...(rows.groups !== undefined && { grouped: true }),
  async *chunks() {
    for await (const table of rows.tables()) yield { ...encode(table, schema).arrays, ...hashedGroups(table) };
  },
});

/** The groups of a table: hashes of 31 bits, as each table of a stream has its own codes. `prefix` keeps streams apart. */
export function hashedGroups({ columns, groups }: Table, prefix = ''): Pick<Batch, 'groups'> {
  if (groups === undefined) return {};
  const { codes, dictionary } = columns.texts[groups]!;
  const hashes = Int32Array.from(dictionary, (text) => hashOf(prefix + text) >>> 1);
  return { groups: Int32Array.from(codes, (code) => (code < 0 ? -1 : hashes[code]!)) };
}
