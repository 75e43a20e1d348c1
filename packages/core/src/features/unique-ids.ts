import type { Batch } from './batch.ts';
import { BATCH_PARTS, byIndexPart, INDEX_PARTS, type IndexPart, type Layout } from './layout.ts';
import type { EmbeddingTable } from '../memory/embedding-table.ts';

/** The distinct ids of a batch, which are the rows to gather from a table. */
export interface UniqueIds {
  /** The ids of the batch, each once, in the order of their first use. */
  readonly ids: Int32Array;
  /** The position of each id of the batch in `ids`, by part. */
  readonly positions: Positions;
}

/** The positions of a batch's ids in the rows that were gathered for it, in the shape of their part. */
export type Positions = Readonly<Record<IndexPart, Int32Array>>;

/** A batch with the rows that it reads of tables that are trained by rows. Its ids are still ids. */
export interface GatheredBatch extends Batch {
  /** Undefined when the model has no such table. */
  readonly gathered?: UniqueIds & {
    /** The rows of each table by its name, in the order of `ids`. */
    readonly tables: Readonly<Record<string, TableRows>>;
  };
}

/** Rows of a table. Those after the distinct ids are padding. */
export interface TableRows {
  readonly shape: readonly [rows: number, dimension: number];
  /** [rows × dimension] */
  readonly data: Float32Array;
}

/** 2³² / the golden ratio: multiplied by it, neighboring ids spread over all buckets. */
const SPREAD = 0x9e3779b1;

/**
 * Finds the distinct ids of a batch, as `torch.unique` does with `return_inverse`. Its time grows with the batch alone.
 *
 * @example
 * uniqueIds({ ...batch, ids: Int32Array.of(900, 7, 900) }).positions.ids // [0, 1, 0]: positions in [900, 7]
 */
export function uniqueIds(batch: Batch): UniqueIds {
  const total = INDEX_PARTS.reduce((sum, part) => sum + batch[part].length, 0);
  const bits = Math.max(1, Math.ceil(Math.log2(total + 1)) + 1); // at most half of the buckets are in use
  const [shift, last] = [32 - bits, 2 ** bits - 1];
  const buckets = new Int32Array(2 ** bits); // 1 + the position of an id
  const ids = new Int32Array(total);
  let count = 0;
  const positionOf = (id: number): number => {
    let bucket = Math.imul(id, SPREAD) >>> shift;
    for (;;) {
      const position = buckets[bucket]! - 1;
      if (position < 0) break;
      if (ids[position] === id) return position;
      bucket = (bucket + 1) & last;
    }
    ids[count] = id;
    buckets[bucket] = ++count;
    return count - 1;
  };
  const positions = byIndexPart((part) => batch[part].map(positionOf));
  return { ids: ids.subarray(0, count), positions };
}

/**
 * The shape of the gathered rows of a table for a batch of `rows` rows: the most distinct ids that such a batch can have. So
 * all batches of a size run in the same graph.
 *
 * @example gatheredShape(table, model.layout, 1024) // [8192, 16] for eight categorical features
 */
export function gatheredShape(table: EmbeddingTable, layout: Layout, rows: number): [ids: number, dimension: number] {
  const columns = INDEX_PARTS.reduce((sum, part) => sum + BATCH_PARTS[part].width(layout), 0);
  return [Math.min(table.rows, rows * columns), table.dimension];
}

/**
 * Copies the rows that a batch reads out of each table.
 *
 * @param copy gives the rows of a table with these ids. Default: a copy without padding
 * @throws PolytaskError when an id is outside of a table
 * @example gatherTables(batch, model.store.tables()).gathered?.tables['input.table'].shape // [distinct ids, dimension]
 */
export function gatherTables(
  batch: Batch,
  tables: readonly EmbeddingTable[],
  copy: (table: EmbeddingTable, ids: Int32Array) => TableRows = copiedRows,
): GatheredBatch {
  if (tables.length === 0) return batch;
  const distinct = uniqueIds(batch);
  const rows = tables.map((table) => [table.name, copy(table, distinct.ids)] as const);
  return { ...batch, gathered: { ...distinct, tables: Object.fromEntries(rows) } };
}

/**
 * Copies rows of a table, and pads them with zeros.
 *
 * @example copiedRows(table, Int32Array.of(7, 9), gatheredShape(table, model.layout, 1024))
 */
export function copiedRows(
  table: EmbeddingTable,
  ids: Int32Array,
  shape: TableRows['shape'] = [ids.length, table.dimension],
): TableRows {
  const data = new Float32Array(shape[0] * shape[1]);
  table.gather(ids, data);
  return { shape, data };
}
