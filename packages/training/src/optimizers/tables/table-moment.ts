import type { EmbeddingTable } from '@polytask/core';
import { scatterRows, wholeRows } from '@polytask/core/internal';

export interface SavedRows {
  /** [count], each id once. */
  readonly ids: Int32Array;
  /** [count × dimension] */
  readonly values: Float32Array;
}

/** A moment of a table, to which it can return: the earlier values of the rows that changed since. A later one ends the earlier one. */
export class TableMoment {
  readonly #bits: Uint8Array;
  /** The rows that changed since, with their numbers of the moment, in one or more parts: not a copy. */
  readonly changes: SavedRows[];

  /** @param parts what changed since the moment, as {@link changes} of another run. Their arrays are kept */
  constructor(
    readonly table: EmbeddingTable,
    parts: readonly SavedRows[] = [],
  ) {
    this.#bits = new Uint8Array(Math.ceil(table.rows / 8));
    this.changes = [...parts];
    for (const { ids } of parts) {
      table.checkIds(ids);
      for (const id of ids) this.#isNew(id);
    }
    table.watch((ids) => this.#add(ids));
  }

  restore(): void {
    this.end();
    const { dimension, values: array } = this.table;
    for (const { ids, values } of this.changes)
      scatterRows({ dimension, ids, parts: [wholeRows(array, dimension, values)] });
  }

  end(): void {
    this.table.watch(undefined);
  }

  #add(ids: Int32Array): void {
    const fresh = ids.filter((id) => this.#isNew(id));
    if (fresh.length === 0) return;
    const values = new Float32Array(fresh.length * this.table.dimension);
    this.table.gather(fresh, values);
    this.changes.push({ ids: fresh, values });
  }

  #isNew(id: number): boolean {
    const bit = 1 << (id & 7);
    if (this.#bits[id >> 3]! & bit) return false;
    this.#bits[id >> 3]! |= bit;
    return true;
  }
}
