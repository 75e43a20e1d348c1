import type { Tasks } from '@polytask/core';
import { needsOf } from '../declarations/needs.ts';
import { checkDeclaration } from '../declarations/check-declaration.ts';
import type { Declaration } from '../declarations/declaration.ts';
import { openParquet, type ParquetFile, type ParquetSource } from '../parquet/open-parquet.ts';
import { readRows, rowRanges } from '../parquet/read-rows.ts';
import { PARQUET_OPTIONS, type ParquetOptions } from '../parquet/read-parquet.ts';
import type { Table } from '../table/table.ts';
import { anything } from '../options/checks.ts';
import { checkChunkRows } from './check-chunk-rows.ts';
import { CHUNK_ROWS, type TableStream, type TableStreamOptions } from './table-stream.ts';

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
