import type { Tasks } from '@polytask/core';
import type { CsvFileOptions } from '../csv/csv-options.ts';
import type { CsvSource } from '../csv/open-source.ts';
import { csvTables } from '../csv/csv-tables.ts';
import { CSV_FILE_OPTIONS } from '../csv/csv-option-checks.ts';
import { checkDeclaration } from '../declarations/check-declaration.ts';
import type { Declaration } from '../declarations/declaration.ts';
import { needsOf } from '../declarations/needs.ts';
import { anything } from '../options/checks.ts';
import { checkChunkRows } from './check-chunk-rows.ts';
import { CHUNK_ROWS, type TableStream, type TableStreamOptions } from './table-stream.ts';

/** A CSV that can be read again from its beginning; a stream can't, but a function that opens one can be called again. */
export type CsvAgain = string | URL | Blob | (() => CsvSource);

/**
 * CSV files, one after the other, in pieces of some thousand rows.
 *
 * @throws PolytaskError as {@link readCsv} does, when the rows are read
 * @example const rows = csvStream('impressions.csv.gz', { features, tasks, chunkRows: 20_000 });
 */
export function csvStream<T extends Tasks>(
  sources: CsvAgain | readonly CsvAgain[],
  options: Declaration<T> & CsvFileOptions & TableStreamOptions,
): TableStream<T> {
  checkDeclaration(options, { ...CSV_FILE_OPTIONS, chunkRows: anything }, 'csvStream');
  const { features, tasks, keep = [], chunkRows = CHUNK_ROWS } = options;
  needsOf(options);
  checkChunkRows(chunkRows);
  const all = Array.isArray(sources) ? (sources as readonly CsvAgain[]) : [sources as CsvAgain];
  return {
    ...{ features, tasks, keep },
    async *tables() {
      for (const source of all) yield* csvTables(typeof source === 'function' ? source() : source, options, chunkRows);
    },
  };
}
