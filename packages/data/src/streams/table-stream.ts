import { fail, optional, sum, wholeNumber, type FromDescription, type Written, type Read } from '@polytask/components';
import type { Tasks, Described } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import { declarationOf, type Declaration, readDeclaration, needsOf } from '../declarations/declaration.ts';
import { joinWith } from '../table/join.ts';
import type { Table } from '../table/table.ts';
import { csvFileOptions, type CsvFileOptions } from '../csv/csv-options.ts';
import type { CsvSource } from '../csv/open-source.ts';
import { csvTables } from '../csv/read-csv.ts';
import {
  parquetOptions,
  readRows,
  rowRanges,
  rowsIn,
  type ParquetOptions,
  openParquet,
  type ParquetFile,
  type ParquetSource,
} from '../parquet/read-parquet.ts';

/** Raw rows that come in tables, for data larger than memory. They can be read any number of times. */
export interface TableStream<T extends Tasks = Tasks> extends Declaration<T> {
  /** All rows, in tables of some thousand rows, always in the same order. */
  tables(): AsyncIterable<Table<T>>;
  /** The rows from an index on, where the source can skip the rows before it. */
  tablesFrom?(row: number): AsyncIterable<Table<T>>;
  /** The number of rows, where the source tells it without a pass over the rows. */
  readonly size?: number | undefined;
}

export const streamOptions = {
  /** About the number of rows in memory. */
  chunkRows: optional(wholeNumber(1), 1 << 16),
};

export interface TableStreamOptions extends Written<typeof streamOptions>, FromDescription {}

/**
 * Makes a stream of tables in memory. The first table's declaration is the declaration of all.
 *
 * @throws PolytaskError without a table
 * @example const rows = tableStream([april, may]);
 */
export function tableStream<T extends Tasks>(tables: readonly Table<T>[]): TableStream<T> {
  const [first] = tables;
  if (!first) return fail({ expected: 'at least one table', received: 'none', fix: 'Pass tableStream([a, b]).' });
  async function* tablesFrom(row: number): AsyncGenerator<Table<T>, void, undefined> {
    let start = 0;
    for (const table of tables) {
      const from = Math.max(row - start, 0);
      if (from < table.size) yield from === 0 ? table : table.subset(allRows(table.size).subarray(from));
      start += table.size;
    }
  }
  return {
    ...declarationOf(first),
    size: sum(tables, ({ size }) => size),
    tables: () => tablesFrom(0),
    tablesFrom,
  };
}

/**
 * Adds the features of a table in memory to the rows of a stream, as `joinTables` does: the features of users to impressions that don't
 * fit into memory, for instance.
 *
 * @param on the column that both read as text
 * @throws PolytaskError as `joinTables` does: for the other table at once, for the stream when its rows are read
 * @example
 * const users = await readCsv('users.csv', { features: { age: numeric() }, tasks: {}, keep: ['user_id'] });
 * const rows = joinStream(csvStream('impressions.csv', { features, tasks, keep: ['user_id'] }), users, 'user_id');
 */
export function joinStream<T extends Tasks>(rows: TableStream<T>, other: Table, on: string): TableStream<T> {
  const { declaration, join } = joinWith(other, on);
  const joined = async function* (tables: AsyncIterable<Table<T>>) {
    for await (const table of tables) yield join(table);
  };
  const { tablesFrom } = rows;
  return {
    ...declaration(rows),
    size: rows.size,
    tables: () => joined(rows.tables()),
    ...(tablesFrom && { tablesFrom: (row: number) => joined(tablesFrom(row)) }),
  };
}

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
