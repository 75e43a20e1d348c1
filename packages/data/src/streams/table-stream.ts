import { fail, optional, sum, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import { declarationOf, type Declaration } from '../declarations/declaration.ts';
import { joinWith } from '../table/join.ts';
import type { Table } from '../table/table.ts';

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
  return {
    ...declarationOf(first),
    size: sum(tables, ({ size }) => size),
    async *tables() {
      yield* tables;
    },
    async *tablesFrom(row) {
      let start = 0;
      for (const table of tables) {
        const skipped = Math.min(Math.max(row - start, 0), table.size);
        if (skipped < table.size) yield skipped === 0 ? table : table.subset(allRows(table.size).subarray(skipped));
        start += table.size;
      }
    },
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
