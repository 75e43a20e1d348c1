import { checks, fail, type Tasks } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import type { Declaration } from '../declarations/declaration.ts';
import type { Table } from '../table/table.ts';

/** Raw rows that come in pieces, as many times as they are asked for: data larger than memory. */
export interface TableStream<T extends Tasks = Tasks> extends Declaration<T> {
  /** All rows from the first on, in tables of some thousand rows, always in the same order. */
  tables(): AsyncIterable<Table<T>>;
  /** The rows after so many, where the source gets there without reading those. */
  tablesFrom?(row: number): AsyncIterable<Table<T>>;
  /** The number of rows, where the source says it without being read. */
  readonly size?: number | undefined;
}

export interface TableStreamOptions {
  /** About so many rows are in memory at once. Default 65,536. */
  readonly chunkRows?: number;
}

export const CHUNK_ROWS = 1 << 16;

/** Throws unless it is a number of rows. */
export const checkChunkRows = (rows: number): void => checks.wholeNumber(1)(rows, 'chunkRows');

/**
 * Tables in memory as a stream. All are read by the first one's declaration.
 *
 * @example const rows = tableStream([april, may]);
 */
export function tableStream<T extends Tasks>(tables: readonly Table<T>[]): TableStream<T> {
  const [first] = tables;
  if (!first) return fail({ expected: 'at least one table', received: 'none', mend: 'Pass tableStream([a, b]).' });
  const { features, tasks, keep = [] } = first;
  return {
    ...{ features, tasks, keep },
    size: tables.reduce((sum, { size }) => sum + size, 0),
    async *tables() {
      yield* tables;
    },
    async *tablesFrom(row) {
      for (let [t, start] = [0, 0]; t < tables.length; start += tables[t++]!.size) {
        const table = tables[t]!;
        const skipped = Math.min(Math.max(row - start, 0), table.size);
        if (skipped < table.size) yield skipped === 0 ? table : table.subset(allRows(table.size).subarray(skipped));
      }
    },
  };
}
