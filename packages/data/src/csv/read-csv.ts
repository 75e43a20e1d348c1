import type { Tasks } from '@polytask/core';
import type { Declaration } from '../declarations/declaration.ts';
import type { Table } from '../table/table.ts';
import type { CsvFileOptions } from './csv-options.ts';
import { csvTableReader } from './csv-table-reader.ts';
import { decodeText } from './decode-text.ts';
import { compressionOf, decompress } from './decompress.ts';
import { openSource, type CsvSource } from './open-source.ts';

/**
 * Reads a CSV file as a stream into typed columns: plain, gzip or brotli; from a path or `file:` URL (in Node), an `http:`
 * URL, a Blob, a stream or an async iterable of bytes or texts. Columns that nothing asks for are skipped.
 *
 * @throws PolytaskError naming file, line and column: for a column that is not there, a row with too many or too few cells,
 * a cell that is no number where one is needed, an unclosed quote, an empty, truncated or unreadable file
 * @example
 * const table = await readCsv('people.csv.gz', {
 *   features: { age: numeric(), occupation: categorical() },
 *   tasks: { income: binary({ positive: '50000+.' }) },
 *   missing: ['?'],
 * });
 */
export async function readCsv<T extends Tasks>(source: CsvSource, options: Declaration<T> & CsvFileOptions): Promise<Table<T>> {
  const { name, unpacked, bytes } = await openSource(source);
  const title = options.name ?? name;
  const reader = csvTableReader(title, options);
  const compression = options.compression ?? (unpacked ? 'none' : (compressionOf(name) ?? compressionOf(title)));
  const plain = decompress(bytes, compression, title);
  for await (const text of decodeText(plain, options.encoding ?? 'utf-8', title)) reader.push(text);
  return reader.end();
}
