import { type About, builderNamed, custom, define, fail, registered, suggestion } from '@polytask/components';
import type { Row } from '@polytask/core';
import type { CsvFileOptions } from '../csv/csv-options.ts';
import type { FileSource } from '../csv/open-source.ts';
import type { Declaration } from '../declarations/declaration.ts';
import type { SampleOptions, TableSample } from '../sampling/table-sample.ts';
import type { ReadBudget } from '../limits/read-limits.ts';
import type { TableStream } from '../streams/table-stream.ts';
import type { Table } from '../table/table.ts';

/** What reads a file of a format: into memory, as a stream, and a sample of its rows for a description. */
export interface FileReader {
  read(budget: ReadBudget, source: FileSource, options: Declaration & CsvFileOptions): Promise<Table>;
  stream(source: FileSource, options: Declaration & CsvFileOptions): Promise<TableStream>;
  sample(source: FileSource, options: SampleOptions): Promise<TableSample>;
}

/**
 * Gives the rows of a file, from the first on, each time. A key that a row lacks, null and undefined are missing values; lists are arrays.
 *
 * @param spend takes the bytes of text that were unpacked, and throws past the limit of the reader's caller
 */
export type ReadRows = (source: FileSource, spend: (bytes: number) => void) => AsyncIterable<Row> | Iterable<Row>;

/** The readers of a format, or its rows, of which all else is made. */
export type Reader = {
  /** The endings of the names of its files, in lower case, such as `.jsonl` and `.jsonl.gz`. */
  readonly endings: readonly string[];
} & (FileReader | { readonly rows: ReadRows });

/**
 * Defines a reader of a data format. Data set files name it as their `format`, or find it by the ending of a file. `openDataset`,
 * `describeFile`, `rowStream` and all commands then read such files.
 *
 * @throws PolytaskError for a name or an ending that another reader has
 * @example
 * defineReader('pairs', {
 *   endings: ['.pairs'],
 *   async *rows(source) {
 *     const lines = (await readFile(source, 'utf8')).trim().split('\n');
 *     for (const line of lines) yield Object.fromEntries(line.split(' ').map((pair) => pair.split('=')));
 *   },
 * }, { description: 'words such as age=41' });
 */
export function defineReader(name: string, reader: Reader, about: About = {}): void {
  for (const ending of reader.endings) {
    const other = registered('reader').find((each) => each !== name && definitionOf(each).endings.includes(ending));
    if (/^\.[^A-Z]+$/.test(ending) && other === undefined) continue;
    fail({
      expected: `an ending in lower case that is free, such as ".rows", for reader "${name}"`,
      received: other === undefined ? JSON.stringify(ending) : `"${ending}", which "${other}" reads`,
      fix: 'Choose another ending, or none: a data set file can name the reader as its format.',
    });
  }
  define('reader', name, reader, about);
}

/** @throws PolytaskError when no reader has the name */
export const definitionOf = (name: string): Reader => builderNamed('reader', name);

/** The name of a reader. Readers may be defined later. */
export const readerName = custom<string>(
  (value, where) => {
    const names = registered('reader');
    if (names.includes(value as string)) return;
    fail({
      expected: `one of ${names.map((name) => JSON.stringify(name)).join(', ')} for ${where}`,
      received: JSON.stringify(value),
      fix: `${suggestion(String(value), names)} Import the package or file that defines a reader of your own.`,
    });
  },
  { words: 'the name of a reader' },
);
