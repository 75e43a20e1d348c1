import { fail, type Batch, type Schema } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import { encode } from '../fitting/encode.ts';
import { hashedGroups } from '../streams/encode-stream.ts';
import type { TableStream } from '../streams/table-stream.ts';
import type { Table } from '../table/table.ts';
import { copyRows } from './interleave.ts';

/** A position in a stream, which begins again at its end. One encoded table is in memory; the next is read when its first row is taken. */
export function streamCursor(name: string, stream: TableStream, schema: Schema, size: number | undefined) {
  let tables: AsyncIterator<Table> | undefined;
  let read = 0; // rows of the tables of this pass so far
  let held: { readonly batch: Batch; readonly rows: Uint32Array } | undefined; // with the rows that are left

  const hold = (table: Table, from: number): void => {
    const groups = hashedGroups(table, `${name}\n`); // a user of two streams is two groups
    held = { batch: { ...encode(table, schema).arrays, ...groups }, rows: allRows(table.size).subarray(from) };
  };
  /** The next table; undefined at the end of a pass, after which the next pass begins. */
  const next = async (): Promise<Table | undefined> => {
    tables ??= stream.tables()[Symbol.asyncIterator]();
    const { value, done } = (await tables.next()) as IteratorResult<Table, undefined>;
    read += done ? 0 : value.size;
    checkRead(name, read, size, done === true);
    if (!done) return value;
    [size, read, tables] = [read, 0, undefined];
    return undefined;
  };
  return {
    /** Skips rows at the beginning. Their tables are read where the stream has no `tablesFrom`. */
    async skip(count: number): Promise<void> {
      let left = size === undefined ? count : count % size;
      if (left > 0 && size !== undefined && stream.tablesFrom) {
        tables = stream.tablesFrom(left)[Symbol.asyncIterator]();
        read = left;
        return;
      }
      while (left > 0) {
        const table = await next();
        if (!table) left %= size!;
        else {
          if (table.size > left) hold(table, left);
          left -= Math.min(left, table.size);
        }
      }
    },
    /** Copies the next rows into a batch. @param indices their indices in the batch */
    async take(indices: readonly number[], target: Batch): Promise<void> {
      for (let copied = 0; copied < indices.length;) {
        if (!held) {
          const table = await next();
          if (table && table.size > 0) hold(table, 0);
          continue;
        }
        const { batch, rows } = held;
        const part = indices.slice(copied, copied + rows.length);
        copyRows(batch, rows, target, part);
        copied += part.length;
        held = part.length < rows.length ? { batch, rows: rows.subarray(part.length) } : undefined;
        if (!held && read === size) await next(); // checks that the stream ends here
      }
    },
    /** Closes the stream's files. */
    close: async () => void (await tables?.return?.()),
  };
}

/** @throws PolytaskError for a stream that `ended` without rows, or with another number `read` than its `size`, if known */
export function checkRead(name: string, read: number, size: number | undefined, ended: boolean): void {
  if (ended && read === 0) {
    fail({ expected: `rows in table "${name}"`, received: 'none', fix: 'Look at its source, or leave it out.' });
  }
  if (size === undefined || (ended ? read === size : read <= size)) return;
  fail({
    expected: `the ${size} rows that table "${name}" is said to have`,
    received: ended ? String(read) : 'more',
    fix: 'Give the same rows each time, and the size that they have, or none.',
  });
}
