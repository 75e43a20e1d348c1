import { fail, type Tasks } from '@polytask/core';
import type { Table } from '../table/table.ts';
import type { TableStream } from './table-stream.ts';

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
  };
}
