import { gatherRows } from './copy-rows.ts';

/** Rows of a table with their earlier numbers. */
export interface SavedRows {
  /** [count], each id once. */
  readonly ids: Int32Array;
  /** [count × dimension] */
  readonly values: Float32Array;
}

/**
 * The earlier numbers of all rows that changed since the log began. Its memory grows with the changed rows, so a table of
 * 2 GB costs nothing until training writes to it.
 */
export class UndoLog {
  readonly #dimension: number;
  /** One bit for each row: whether the log has the row. */
  readonly #bits: Uint8Array;
  readonly #parts: SavedRows[];

  /** @param parts the rows that the log begins with, each once. Their arrays are kept */
  constructor(rows: number, dimension: number, parts: readonly SavedRows[] = []) {
    this.#dimension = dimension;
    this.#bits = new Uint8Array(Math.ceil(rows / 8));
    this.#parts = [...parts];
    for (const { ids } of parts) for (const id of ids) this.#isNew(id);
  }

  /** Saves those of the rows that the log doesn't have yet. Call it before the rows change. */
  add(ids: Int32Array, table: Float32Array): void {
    const fresh = ids.filter((id) => this.#isNew(id));
    if (fresh.length === 0) return;
    const values = new Float32Array(fresh.length * this.#dimension);
    gatherRows({ dimension: this.#dimension, ids: fresh, array: table, gathered: values });
    this.#parts.push({ ids: fresh, values });
  }

  /** The rows of the log, as they were added. */
  get parts(): readonly SavedRows[] {
    return this.#parts;
  }

  #isNew(id: number): boolean {
    const bit = 1 << (id & 7);
    if (this.#bits[id >> 3]! & bit) return false;
    this.#bits[id >> 3]! |= bit;
    return true;
  }
}
