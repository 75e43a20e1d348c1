import type { EmbeddingTable } from '@polytask/core';
import { scatterRows, wholeRows } from '@polytask/core/internal';

/** Rows of a table with their earlier values. */
export interface SavedRows {
  /** [count], each id once. */
  readonly ids: Int32Array;
  /** [count × dimension] */
  readonly values: Float32Array;
}

/**
 * A moment of a table, to which it can return: the earlier values of all rows that changed since. Its memory grows with the changed
 * rows, so a table of 2 GB costs nothing until training writes to it.
 *
 * A table has one moment at a time. A later one ends the earlier one.
 */
export class TableMoment {
  readonly table: EmbeddingTable;
  /** One bit for each row: whether the moment has the row. */
  readonly #bits: Uint8Array;
  readonly #parts: SavedRows[];

  /**
   * @param parts what changed since the moment, as {@link changes} of another run. Their arrays are kept. Default: the moment is now
   * @throws PolytaskError when an id is outside of the table
   */
  constructor(table: EmbeddingTable, parts: readonly SavedRows[] = []) {
    this.table = table;
    this.#bits = new Uint8Array(Math.ceil(table.rows / 8));
    this.#parts = [...parts];
    for (const { ids } of parts) {
      table.checkIds(ids);
      for (const id of ids) this.#isNew(id);
    }
    table.watch((ids) => this.#add(ids));
  }

  /** The rows that changed since, with their numbers of the moment, in one or more parts: not a copy. */
  get changes(): readonly SavedRows[] {
    return this.#parts;
  }

  /** Gives the table its numbers of the moment, and ends the moment. */
  restore(): void {
    this.end();
    const { dimension, values: array } = this.table;
    for (const { ids, values } of this.#parts)
      scatterRows({ dimension, ids, parts: [wholeRows(array, dimension, values)] });
  }

  /** Ends the moment: later changes cost nothing. */
  end(): void {
    this.table.watch(undefined);
  }

  #add(ids: Int32Array): void {
    const fresh = ids.filter((id) => this.#isNew(id));
    if (fresh.length === 0) return;
    const values = new Float32Array(fresh.length * this.table.dimension);
    this.table.gather(fresh, values);
    this.#parts.push({ ids: fresh, values });
  }

  #isNew(id: number): boolean {
    const bit = 1 << (id & 7);
    if (this.#bits[id >> 3]! & bit) return false;
    this.#bits[id >> 3]! |= bit;
    return true;
  }
}
