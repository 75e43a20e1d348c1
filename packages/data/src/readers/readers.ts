import { checkMembers, registered, resolve, type Spec } from '@polytask/components';
import { csvStream, parquetStream } from '../streams/table-stream.ts';
import { declarationOf } from '../declarations/declaration.ts';
import { readCsvWithin } from '../csv/read-csv.ts';
import { readParquetWithin } from '../parquet/read-parquet.ts';
import { sampleCsvFile } from '../sampling/sample-csv.ts';
import { sampleParquet } from '../sampling/sample-parquet.ts';
import { noTextOptions } from '../sampling/table-sample.ts';
import { arrowRows } from './arrow.ts';
import { jsonLines, jsonArray } from './json.ts';
import { defineReader, endingsOf, type FileReader, type ReaderForm } from './reader.ts';
import { rowReader } from './row-reader.ts';

/** The endings of a text file, plain and packed. */
const packed = (...endings: string[]): string[] =>
  endings.flatMap((ending) => ['', '.gz', '.br'].map((packing) => `${ending}${packing}`));

const own = { package: '@polytask/data' };

const CSV: FileReader = {
  read: readCsvWithin,
  stream: async (source, options) => csvStream(source, options),
  sample: sampleCsvFile,
};

const PARQUET: FileReader = {
  read: readParquetWithin,
  stream: (source, options) => parquetStream(source, declarationOf(options)),
  async sample(source, { name, rows, ...others }) {
    noTextOptions(others, 'a Parquet file');
    return sampleParquet(source, name, rows);
  },
};

defineReader('csv', () => CSV, {
  ...own,
  endings: packed('.csv', '.tsv'),
  description: 'lines of cells: plain, gzip or brotli. The reader of all files whose ending no reader has',
});
defineReader('parquet', () => PARQUET, {
  ...own,
  endings: ['.parquet', '.pq'],
  description: 'Apache Parquet: only the columns that are asked for are read',
});
defineReader('jsonl', () => ({ rows: jsonLines }), {
  ...own,
  endings: packed('.jsonl', '.ndjson'),
  description: 'a JSON object a line: plain, gzip or brotli',
});
defineReader('json', () => ({ rows: jsonArray }), {
  ...own,
  endings: packed('.json'),
  description: 'a JSON array of objects: plain, gzip or brotli',
});
defineReader('arrow', () => ({ rows: arrowRows }), {
  ...own,
  endings: ['.arrow', '.arrows', '.feather'],
  description: 'Apache Arrow: files (Feather, version 2) and streams; plain, LZ4 or zstd',
});

/** The reader of a file: the one that is named, else that of the ending of its name, else that of CSV. */
export function readerOf(file: string, format?: Spec<'reader'>): FileReader {
  const spec = format ?? { kind: 'reader', name: readerFor(file) ?? 'csv', config: {} };
  const { builder, config } = resolve<ReaderForm>(spec);
  const reader = builder.open(config);
  if ('rows' in reader) return rowReader(reader.rows);
  return checkMembers(reader, ['read', 'stream', 'sample'], `rows of the reader "${spec.name}", or a reader`);
}

/**
 * The name of the reader that has the ending of a file's name, the longest one. Undefined where none has: then it is read as CSV.
 *
 * @example readerFor('rows.jsonl.gz') // jsonl
 */
export function readerFor(file: string): string | undefined {
  const name = file.toLowerCase();
  const lengthOf = (reader: string): number =>
    Math.max(0, ...endingsOf(reader).map((ending) => (name.endsWith(ending) ? ending.length : 0)));
  return registered('reader')
    .map((reader) => ({ reader, length: lengthOf(reader) }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => b.length - a.length)[0]?.reader;
}
