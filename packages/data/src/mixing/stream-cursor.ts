import { fail, type Batch, type Schema } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import { encode } from '../fitting/encode.ts';
import { hashedGroups } from '../streams/encode-stream.ts';
import type { TableStream } from '../streams/table-stream.ts';
import type { Table } from '../table/table.ts';
import { copyRows } from './interleave.ts';

/** A position in a stream, which begins again at its end. One encoded table is in memory; the next is read when its first row is taken. */
export class StreamCursor {
  readonly #name: string;
  readonly #stream: TableStream;
  readonly #schema: Schema;
  /** Rows of the stream. A pass over the stream finds the number if it is unknown. */
  #size: number | undefined;
  #tables: AsyncIterator<Table> | undefined;
  /** Rows of the tables of this pass so far. */
  #read = 0;
  /** The encoded table, and the indices of its rows that are left. */
  #held: { readonly batch: Batch; readonly rows: Uint32Array } | undefined;

  constructor(name: string, stream: TableStream, schema: Schema, size: number | undefined) {
    this.#name = name;
    this.#stream = stream;
    this.#schema = schema;
    this.#size = size;
  }

  /** Skips rows at the beginning. Their tables are read where the stream has no `tablesFrom`. */
  async skip(count: number): Promise<void> {
    let left = this.#size === undefined ? count : count % this.#size;
    if (left > 0 && this.#size !== undefined && this.#stream.tablesFrom) {
      this.#tables = this.#stream.tablesFrom(left)[Symbol.asyncIterator]();
      this.#read = left;
      return;
    }
    while (left > 0) {
      const table = await this.#next();
      if (!table) left %= this.#size!;
      else {
        if (table.size > left) this.#hold(table, left);
        left -= Math.min(left, table.size);
      }
    }
  }

  /** Copies the next rows into a batch. @param indices their indices in the batch */
  async take(indices: readonly number[], target: Batch): Promise<void> {
    for (let copied = 0; copied < indices.length;) {
      if (!this.#held) {
        const table = await this.#next();
        if (table && table.size > 0) this.#hold(table, 0);
        continue;
      }
      const { batch, rows } = this.#held;
      const part = indices.slice(copied, copied + rows.length);
      copyRows(batch, rows, target, part);
      copied += part.length;
      this.#held = part.length < rows.length ? { batch, rows: rows.subarray(part.length) } : undefined;
      if (!this.#held && this.#read === this.#size) await this.#next(); // checks that the stream ends here
    }
  }

  async close(): Promise<void> {
    await this.#tables?.return?.();
  }

  #hold(table: Table, from: number): void {
    const groups = hashedGroups(table, `${this.#name}\n`); // a user of two streams is two groups
    const batch = { ...encode(table, this.#schema).arrays, ...groups };
    this.#held = { batch, rows: allRows(table.size).subarray(from) };
  }

  /** The next table; undefined at the end of a pass, after which the next pass begins. */
  async #next(): Promise<Table | undefined> {
    this.#tables ??= this.#stream.tables()[Symbol.asyncIterator]();
    const { value, done } = (await this.#tables.next()) as IteratorResult<Table, undefined>;
    this.#read += done ? 0 : value.size;
    checkRead(this.#name, this.#read, this.#size, done === true);
    if (!done) return value;
    [this.#size, this.#read, this.#tables] = [this.#read, 0, undefined];
    return undefined;
  }
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
