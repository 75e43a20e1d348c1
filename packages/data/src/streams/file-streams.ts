import type { Tasks } from '@polytask/core';
import { CSV_FILE_OPTIONS, type CsvFileOptions } from '../csv/csv-options.ts';
import type { CsvSource } from '../csv/open-source.ts';
import { csvTables } from '../csv/read-csv.ts';
import { checkDeclaration, type Declaration } from '../declarations/declaration.ts';
import { needsOf } from '../declarations/needs.ts';
import { anything } from '../options/checks.ts';
import { openParquet, type ParquetFile, type ParquetSource } from '../parquet/open-parquet.ts';
import { readRows, rowRanges, PARQUET_OPTIONS, type ParquetOptions } from '../parquet/read-parquet.ts';
import type { Table } from '../table/table.ts';
import { checkChunkRows, CHUNK_ROWS, type TableStream, type TableStreamOptions } from './table-stream.ts';

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

/**
 * Parquet files, one after the other, row group by row group: what is in memory is one group's columns at most, and of a
 * group of many rows a piece. Write files to be streamed with row groups of 100,000 rows or fewer.
 *
 * @throws PolytaskError as {@link readParquet} does, when the rows are read
 * @example const rows = await parquetStream(['may.parquet', 'june.parquet'], { features, tasks });
 */
export async function parquetStream<T extends Tasks>(
  sources: ParquetSource | readonly ParquetSource[],
  options: Declaration<T> & ParquetOptions & TableStreamOptions,
): Promise<TableStream<T>> {
  checkDeclaration(options, { ...PARQUET_OPTIONS, chunkRows: anything }, 'parquetStream');
  const { features, tasks, keep = [], name, chunkRows = CHUNK_ROWS } = options;
  const declaration: Declaration<T> = { features, tasks, keep };
  needsOf(declaration);
  checkChunkRows(chunkRows);
  const files: ParquetFile[] = [];
  for (const source of Array.isArray(sources) ? (sources as readonly ParquetSource[]) : [sources as ParquetSource]) {
    files.push(await openParquet(source, name));
  }
  async function* tablesFrom(row: number): AsyncGenerator<Table<T>, void, undefined> {
    let start = 0;
    for (const file of files) {
      for (const { rowStart, rowEnd } of rowRanges(file, chunkRows)) {
        const from = rowStart + Math.max(row - start, 0);
        if (from < rowEnd) yield await readRows(file, declaration, [{ rowStart: from, rowEnd }]);
        start += rowEnd - rowStart;
      }
    }
  }
  return {
    ...declaration,
    size: files.reduce(
      (sum, { scan }) => sum + scan.ranges.reduce((rows, { rowStart, rowEnd }) => rows + rowEnd - rowStart, 0),
      0,
    ),
    tables: () => tablesFrom(0),
    tablesFrom,
  };
}
