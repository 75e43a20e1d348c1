import type { Tasks } from '@polytask/core';
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
