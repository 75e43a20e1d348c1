import type { HostTensor } from '@polytask/compile';
import type { EmbeddingTable } from '@polytask/core';

/**
 * The rows of one table that a batch reads, one after the other. Graphs read the parameters and write the gradients in place.
 * The rows after the distinct ids are padding.
 */
export interface GatheredRows {
  readonly table: EmbeddingTable;
  /** [capacity, dimension] */
  readonly parameters: HostTensor & { readonly data: Float32Array };
  /** [capacity, dimension] */
  readonly gradients: HostTensor & { readonly data: Float32Array };
}

/** Gathered rows of zeros. @param shape the most distinct ids of a batch, and the dimension of the table */
export function gatheredRows(
  table: EmbeddingTable,
  shape: readonly [capacity: number, dimension: number],
): GatheredRows {
  const zeros = () => ({ type: 'float32', shape, data: new Float32Array(shape[0] * shape[1]) }) as const;
  return { table, parameters: zeros(), gradients: zeros() };
}
