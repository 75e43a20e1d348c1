import type { Tasks } from '@polytask/core';
import { joinWith } from '../table/join.ts';
import type { Table } from '../table/table.ts';
import type { TableStream } from './table-stream.ts';

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
