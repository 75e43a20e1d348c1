import { fail, type Batch, type Schema } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import { encode } from '../fitting/encode.ts';
import type { TableStream } from '../streams/table-stream.ts';
import type { Table } from '../table/table.ts';
import { putRows } from './interleave.ts';

/**
 * A place in a stream: gives its rows one after the other, encoded, and begins again where they end. One table of the stream
 * is held at a time, and the next one is asked for when a row of it is wanted.
 */
export class StreamCursor {
  readonly #name: string;
  readonly #stream: TableStream;
  readonly #schema: Schema;
  /** Rows of the stream; known after a pass, if not before. */
  #size: number | undefined;
  #tables: AsyncIterator<Table> | undefined;
  /** Rows that the tables of this pass had so far. */
  #read = 0;
  #held: { readonly batch: Batch; readonly rows: Uint32Array } | undefined;

  constructor(name: string, stream: TableStream, schema: Schema, size: number | undefined) {
    this.#name = name;
    this.#stream = stream;
    this.#schema = schema;
    this.#size = size;
  }

  /** Goes to the row that comes after so many, from the first on. Tables before it are read where the stream can't skip them. */
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

  /** Puts the next rows to these places of a batch. */
  async take(places: readonly number[], into: Batch): Promise<void> {
    for (let done = 0; done < places.length;) {
      if (!this.#held) {
        const table = await this.#next();
        if (table && table.size > 0) this.#hold(table, 0);
        continue;
      }
      const { batch, rows } = this.#held;
      const part = places.slice(done, done + rows.length);
      putRows(batch, rows, into, part);
      done += part.length;
      this.#held = part.length < rows.length ? { batch, rows: rows.subarray(part.length) } : undefined;
      if (!this.#held && this.#read === this.#size) await this.#next(); // it ends, or has more rows than it says
    }
  }

  /** Closes what the stream has open. */
  async close(): Promise<void> {
    await this.#tables?.return?.();
  }

  #hold(table: Table, from: number): void {
    this.#held = { batch: encode(table, this.#schema).arrays, rows: allRows(table.size).subarray(from) };
  }

  /** The next table; none where a pass ends, after which the next one begins. */
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

/**
 * Throws where a stream has no row, or not as many as it says.
 *
 * @param read rows so far
 * @param ended whether there are no more
 */
export function checkRead(name: string, read: number, size: number | undefined, ended: boolean): void {
  if (ended && read === 0)
    fail({ expected: `rows in table "${name}"`, received: 'none', mend: 'Look at its source, or leave it out.' });
  if (size === undefined || (ended ? read === size : read <= size)) return;
  fail({
    expected: `the ${size} rows that table "${name}" is said to have`,
    received: ended ? String(read) : 'more',
    mend: 'Give the same rows each time, and the size that they have, or none.',
  });
}
