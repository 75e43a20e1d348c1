import type { Read } from '@polytask/components';
import type { Described, Tasks } from '@polytask/core';
import { csvFileOptions, type CsvFileOptions } from '../csv/csv-options.ts';
import type { CsvSource } from '../csv/open-source.ts';
import { csvTables } from '../csv/read-csv.ts';
import { declarationOf, readDeclaration, type Declaration, needsOf } from '../declarations/declaration.ts';
import { openParquet, type ParquetFile, type ParquetSource } from '../parquet/open-parquet.ts';
import { parquetOptions, readRows, rowRanges, rowsIn, type ParquetOptions } from '../parquet/read-parquet.ts';
import type { Table } from '../table/table.ts';
import { streamOptions, type TableStream, type TableStreamOptions } from './table-stream.ts';

/** A CSV that can be read more than once. A stream can't, so pass a function that opens it. */
export type CsvAgain = string | URL | Blob | (() => CsvSource);

/**
 * Streams CSV files, one after the other, in tables of some thousand rows.
 *
 * @throws PolytaskError for an unknown option; as {@link readCsv} does, when the rows are read
 * @example const rows = csvStream('impressions.csv.gz', { features, tasks, chunkRows: 20_000 });
 */
export function csvStream<T extends Tasks>(
  sources: CsvAgain | readonly CsvAgain[],
  options: Declaration<T> & CsvFileOptions & TableStreamOptions,
): TableStream<T> {
  const { declaration, chunkRows } = checked(options, csvFileOptions, 'csvStream');
  return {
    ...declaration,
    async *tables() {
      for (const source of [sources].flat()) {
        yield* csvTables(typeof source === 'function' ? source() : source, { ...options, ...declaration }, chunkRows);
      }
    },
  };
}

/**
 * Streams Parquet files, one after the other, row group by row group. The columns of one row group are in memory; of a large
 * group, only a part. Write files for streaming with row groups of at most 100,000 rows.
 *
 * @throws PolytaskError for an unknown option and a file that can't be opened; as {@link readParquet} does, when the rows are read
 * @example const rows = await parquetStream(['may.parquet', 'june.parquet'], { features, tasks });
 */
export async function parquetStream<T extends Tasks>(
  sources: ParquetSource | readonly ParquetSource[],
  options: Declaration<T> & ParquetOptions & TableStreamOptions,
): Promise<TableStream<T>> {
  const { declaration, chunkRows } = checked(options, parquetOptions, 'parquetStream');
  const files: ParquetFile[] = [];
  for (const source of [sources].flat()) files.push(await openParquet(source, options.name));
  async function* tablesFrom(row: number): AsyncGenerator<Table<T>, void, undefined> {
    let start = 0;
    for (const file of files) {
      try {
        for (const { rowStart, rowEnd } of rowRanges(file, chunkRows)) {
          const from = rowStart + Math.max(row - start, 0);
          if (from < rowEnd) yield await readRows(file, declaration, [{ rowStart: from, rowEnd }]);
          start += rowEnd - rowStart;
        }
      } finally {
        await file.close();
      }
    }
  }
  return {
    ...declaration,
    size: rowsIn(files.flatMap(({ ranges }) => ranges)),
    tables: () => tablesFrom(0),
    tablesFrom,
  };
}

/** Checks the options of a stream before any file is opened. */
function checked<T extends Tasks>(
  options: Declaration<T> & TableStreamOptions,
  more: Described,
  where: string,
): { declaration: Declaration<T>; chunkRows: number } {
  const declared = readDeclaration(options, { ...more, ...streamOptions }, where) as Declaration<T> &
    Read<typeof streamOptions>;
  needsOf(declared);
  return { declaration: declarationOf(declared), chunkRows: declared.chunkRows };
}
