import type { Tasks } from '@polytask/core';
import type { Declaration } from '../declarations/declaration.ts';
import type { Table } from '../table/table.ts';
import type { CsvFileOptions } from './csv-options.ts';
import { csvTableReader } from './csv-table-reader.ts';
import { decodeText } from './decode-text.ts';
import { compressionOf, decompress } from './decompress.ts';
import { openSource, type CsvSource } from './open-source.ts';

/** The tables of a CSV file, each of `rows` rows or a few more as the pieces of the text have it; the last may have fewer. */
export async function* csvTables<T extends Tasks>(
  source: CsvSource,
  options: Declaration<T> & CsvFileOptions,
  rows: number,
): AsyncGenerator<Table<T>, void, undefined> {
  const { name, unpacked, bytes } = await openSource(source);
  const title = options.name ?? name;
  const reader = csvTableReader(title, options);
  const compression = options.compression ?? (unpacked ? 'none' : (compressionOf(name) ?? compressionOf(title)));
  const plain = decompress(bytes, compression, title);
  for await (const text of decodeText(plain, options.encoding ?? 'utf-8', title)) {
    reader.push(text);
    if (reader.size >= rows) yield reader.take();
  }
  reader.end();
  if (reader.size > 0) yield reader.take();
}
