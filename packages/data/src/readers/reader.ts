import {
  checkSpec,
  component,
  custom,
  define,
  type Definition,
  either,
  type Factory,
  fail,
  builderNamed,
  type Read,
  registered,
  type Richer,
  type Spec,
  specNamed,
  text,
} from '@polytask/components';
import type { Row } from '@polytask/core';
import type { CsvFileOptions } from '../csv/csv-options.ts';
import type { FileSource } from '../csv/open-source.ts';
import type { Declaration } from '../declarations/declaration.ts';
import type { SampleOptions, TableSample } from '../sampling/table-sample.ts';
import type { ReadBudget } from '../limits/read-limits.ts';
import type { TableStream } from '../streams/table-stream.ts';
import type { Table } from '../table/table.ts';

/** Reads a file of a format: into memory, as a stream, and a sample of its rows for a description. */
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

/** A reader with its options: the rows of a file, of which tables, streams and samples are made, or these three themselves. */
export type Reader = FileReader | { readonly rows: ReadRows };

/** The builder of a registered reader. */
export interface ReaderForm {
  readonly endings: readonly string[];
  readonly open: (config: object) => Reader;
}

/** The options of {@link defineReader}. */
export interface ReaderDefinition<O extends object> extends Definition<O> {
  /** The endings of the names of its files, in lower case, such as `.jsonl` and `.jsonl.gz`. Default: none, and files are read by its name. */
  readonly endings?: readonly string[];
}

/**
 * Defines a reader of a data format. Data set files name it as their `format`, commands as `--format`, or it is found by the ending of a
 * file. `openDataset`, `describeFile`, `rowStream` and all commands then read such files.
 *
 * @param open makes the reader, from its options
 * @returns a factory of specs
 * @throws PolytaskError for a name or an ending that another reader has; the factory throws when the configuration doesn't fit `options`
 * @example
 * const pairs = defineReader('pairs', ({ between }) => ({
 *   async *rows(source, spend) {
 *     const content = await readFile(source, 'utf8');
 *     spend(content.length);
 *     for (const line of content.trim().split('\n')) yield Object.fromEntries(line.split(between).map((pair) => pair.split('=')));
 *   },
 * }), { endings: ['.pairs'], options: { between: optional(text, ' ') }, description: 'words such as age=41' });
 */
export function defineReader<O extends object = Record<never, never>>(
  name: string,
  open: (config: Read<O>) => Reader,
  { endings = [], ...about }: ReaderDefinition<O> = {},
): Factory<'reader', O> {
  for (const ending of endings) {
    const other = registered('reader').find((each) => each !== name && endingsOf(each).includes(ending));
    if (/^\.[^A-Z]+$/.test(ending) && other === undefined) continue;
    fail({
      expected: `an ending in lower case that is free, such as ".rows", for reader "${name}"`,
      received: other === undefined ? JSON.stringify(ending) : `"${ending}", which "${other}" reads`,
      fix: 'Choose another ending, or none: a data set file can name the reader as its format.',
    });
  }
  return define('reader', name, { endings, open } as ReaderForm, about as Definition<O>, ['open']);
}

export const endingsOf = (name: string): readonly string[] => builderNamed<ReaderForm>('reader', name).endings;

/** A reader: its name, with options behind it as `sqlite(table=orders)`, or its spec. Readers may be defined later. */
export const anyReader = custom<Spec<'reader'>>(
  (value, where) => (typeof value === 'string' ? specNamed('reader', value) : checkSpec('reader', value, where)),
  either(text, component('reader')).shape,
) as Richer<Spec<'reader'>, string | Spec<'reader'>>;
