import type { Tasks } from '@polytask/core';
import { checkDeclaration } from '../declarations/check-declaration.ts';
import type { Declaration } from '../declarations/declaration.ts';
import type { Table } from '../table/table.ts';
import type { CsvFileOptions } from './csv-options.ts';
import { CSV_FILE_OPTIONS } from './csv-option-checks.ts';
import { csvTables } from './csv-tables.ts';
import type { CsvSource } from './open-source.ts';

/**
 * Reads a CSV file as a stream into typed columns: plain, gzip or brotli; from a path or `file:` URL (in Node), an `http:`
 * URL, a Blob, a stream or an async iterable of bytes or texts. Columns that nothing asks for are skipped.
 *
 * @throws PolytaskError for an unknown option, with the one that was meant; naming file, line and column: for a column that is not there, a row with too many or too few cells,
 * a cell that is no number where one is needed, an unclosed quote, an empty, truncated or unreadable file
 * @example
 * const table = await readCsv('people.csv.gz', {
 *   features: { age: numeric(), occupation: categorical() },
 *   tasks: { income: binary({ positive: '50000+.' }) },
 *   missing: ['?'],
 * });
 */
export async function readCsv<T extends Tasks>(
  source: CsvSource,
  options: Declaration<T> & CsvFileOptions,
): Promise<Table<T>> {
  checkDeclaration(options, CSV_FILE_OPTIONS, 'readCsv');
  const { value } = await csvTables(source, options, Infinity).next();
  return value as Table<T>; // the only one: a file without rows is an error
}
