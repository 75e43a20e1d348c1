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

/** A batch for which rows of tables were gathered. Its ids are still ids. */
export interface PlacedBatch extends Batch {
  /** Undefined when the model has no table that is trained by rows. */
  readonly positions?: Positions | undefined;
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
