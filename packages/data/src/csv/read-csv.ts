import type { Tasks } from '@polytask/core';
import { readDeclaration, type Declaration } from '../declarations/declaration.ts';
import type { Table } from '../table/table.ts';
import { limitOption, readBudget, UNLIMITED, type LimitOption, type ReadBudget } from '../limits/read-limits.ts';
import { csvFileOptions, csvOptions, type CsvFileOptions, type CsvOptions } from './csv-options.ts';
import { csvTableReader } from './csv-table-reader.ts';
import { compressionOf, decompress, utf8OrText } from './decode.ts';
import { openSource, type CsvSource } from './open-source.ts';

/**
 * Reads a CSV file as a stream into typed columns. The file is plain, gzip or brotli. Columns that the declaration doesn't name
 * are skipped. Features and tasks may be those of a data set file, or of the `dataset.json` of a trained model.
 *
 * @param source a path or `file:` URL (in Node), an `http:` URL, a Blob, a stream, or an async iterable of bytes or texts
 * @throws PolytaskError for an unknown option, with the name that was meant, and for an empty, truncated or unreadable file.
 * With file, line and column: for a missing column, a row with too many or too few cells, an unclosed quote, and a cell that is no number
 * in a column of numbers. For a file past one of the `limits`, with its option
 * @example
 * const table = await readCsv('people.csv.gz', {
 *   features: { age: numeric(), occupation: categorical() },
 *   tasks: { income: binary({ positive: '50000+.' }) },
 *   missing: ['?'],
 * });
 */
export async function readCsv<T extends Tasks, F extends string = string>(
  source: CsvSource,
  options: Declaration<T, F> & CsvFileOptions & LimitOption,
): Promise<Table<T, F>> {
  const declared = readDeclaration(options, { ...csvFileOptions, ...limitOption }, 'readCsv');
  return readCsvWithin(readBudget(options.limits), source, declared);
}

export async function readCsvWithin<T extends Tasks, F extends string = string>(
  budget: ReadBudget,
  source: CsvSource,
  options: Declaration<T, F> & CsvFileOptions,
): Promise<Table<T, F>> {
  const { value } = await csvTables(source, options, Infinity, budget).next();
  return value as Table<T, F>; // there is exactly one: a file without rows is an error
}

/**
 * Reads a CSV text in memory.
 *
 * @throws PolytaskError as {@link readCsv} does
 * @example
 * const table = parseCsv('age,income\n41,1\n17,0\n', { features: { age: numeric() }, tasks: { income: binary() } });
 */
export function parseCsv<T extends Tasks, F extends string = string>(
  text: string,
  options: Declaration<T, F> & CsvOptions & LimitOption,
): Table<T, F> {
  const declared = readDeclaration(options, { ...csvOptions, ...limitOption }, 'parseCsv');
  const reader = csvTableReader(options.name ?? 'the text', declared, readBudget(options.limits));
  reader.push(text);
  reader.end();
  return reader.take();
}

/** Reads a CSV file in tables. Each has `rows` rows, or a few more up to the end of a piece of text; the last may have fewer. */
export async function* csvTables<T extends Tasks, F extends string = string>(
  source: CsvSource,
  options: Declaration<T, F> & CsvFileOptions,
  rows: number,
  budget = UNLIMITED,
): AsyncGenerator<Table<T, F>, void, undefined> {
  const { name, unpacked, bytes } = await openSource(source);
  const title = options.name ?? name;
  const reader = csvTableReader(title, options, budget);
  const compression = options.compression ?? (unpacked ? 'none' : (compressionOf(name) ?? compressionOf(title)));
  for await (const piece of utf8OrText(decompress(bytes, compression, title), options.encoding, title)) {
    reader.push(piece);
    if (reader.size >= rows) yield reader.take();
  }
  reader.end();
  if (reader.size > 0) yield reader.take();
}
