import { checks, fail, type Options, type Tasks } from '@polytask/core';
import { checkDeclaration } from '../declarations/check-declaration.ts';
import type { Declaration } from '../declarations/declaration.ts';
import type { Table } from '../table/table.ts';
import { text } from '../options/checks.ts';
import { openParquet, type ParquetSource } from './open-parquet.ts';
import { readRows } from './read-rows.ts';

export interface ParquetOptions {
  /** What messages call the source. Default: its path or URL. */
  readonly name?: string;
}

export const PARQUET_OPTIONS: Options<ParquetOptions> = { name: checks.optional(text) };

/**
 * Reads the columns of a Parquet file that a declaration asks for; no other is touched. Plain, snappy, gzip, zstd, brotli and
 * LZ4 pages, dictionaries, optional columns. null is a missing value; 64-bit integers and dates (milliseconds since 1970) are
 * numbers where a number is wanted, and texts (digits, ISO 8601) elsewhere. A list column is for `multiValued` or `vector`.
 *
 * @throws PolytaskError naming file, row and column: for a column that is not there or is nested, a value that is no number
 * where one is needed (a 64-bit integer that a double can't hold among them), a damaged or empty file
 * @example
 * const table = await readParquet('people.parquet', {
 *   features: { age: numeric(), occupation: categorical() },
 *   tasks: { income: binary() },
 * });
 */
export async function readParquet<T extends Tasks>(
  source: ParquetSource,
  options: Declaration<T> & ParquetOptions,
): Promise<Table<T>> {
  checkDeclaration(options, PARQUET_OPTIONS, 'readParquet');
  const file = await openParquet(source, options.name);
  if (file.scan.ranges.length === 0) {
    fail({
      expected: `at least one row in ${file.name}`,
      received: 'none',
      mend: 'Look whether the file is the right one.',
    });
  }
  return readRows(file, options, file.scan.ranges);
}
