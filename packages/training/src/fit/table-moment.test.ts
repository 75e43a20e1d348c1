import { EmbeddingTable } from '@polytask/core';
import { expect, it } from 'vitest';
import { TableMoment } from './weight-keeper.ts';

/** Writes rows into a table. */
function write(table: EmbeddingTable, ids: readonly number[], rows: readonly (readonly number[])[]): void {
  const values = table.edit(Int32Array.from(ids));
  ids.forEach((id, k) => values.set(rows[k]!, id * table.dimension));
}

/** Five rows of two numbers: row r holds 2r and 2r + 1. */
const counted = () => new EmbeddingTable('t', [5, 2], () => Float32Array.from({ length: 10 }, (_, i) => i));

it('returns to a moment by the rows that changed since, also in another run', () => {
  const table = counted();
  write(table, [0], [[9, 9]]); // before the moment
  const moment = new TableMoment(table);
  write(
    table,
    [3, 1],
    [
      [-1, -2],
      [-3, -4],
    ],
  );
  table.edit(Int32Array.of(1, 4)).set([5, 5], 2);
  write(table, [4], [[6, 6]]);
  expect(moment.changes).toEqual([
    { ids: Int32Array.of(3, 1), values: Float32Array.of(6, 7, 2, 3) },
    { ids: Int32Array.of(4), values: Float32Array.of(8, 9) },
  ]);
  const other = counted();
  other.adopt(table.values.slice());
  const resumed = new TableMoment(other, moment.changes);
  write(other, [2], [[0, 0]]);
  for (const each of [moment, resumed]) {
    each.restore();
    expect([...each.table.values]).toEqual([9, 9, 2, 3, 4, 5, 6, 7, 8, 9]);
    const changes = each.changes.length;
    write(each.table, [0], [[1, 1]]); // after the moment ended
    expect(each.changes).toHaveLength(changes);
  }
});

it('refuses rows that the table does not have', () => {
  const changes = [{ ids: Int32Array.of(5), values: Float32Array.of(0, 0) }];
  expect(() => new TableMoment(counted(), changes)).toThrow('Expected ids from 0 to 4 for the table "t", received 5');
});
