import { fail, type Tasks } from '@polytask/core';
import { allRows } from '../columns/all-rows.ts';
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
    async *tablesFrom(row) {
      for (let [t, start] = [0, 0]; t < tables.length; start += tables[t++]!.size) {
        const table = tables[t]!;
        const skipped = Math.min(Math.max(row - start, 0), table.size);
        if (skipped < table.size) yield skipped === 0 ? table : table.subset(allRows(table.size).subarray(skipped));
      }
    },
  };
}
