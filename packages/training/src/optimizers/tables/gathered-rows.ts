import type { HostTensor } from '@polytask/compile';
import type { EmbeddingTable } from '@polytask/core';
import type { FlatOptimizer } from '../flat/flat-optimizer.ts';

/**
 * The rows of one table that a batch reads, one after the other, with their slots. Graphs read the parameters and write the gradients
 * in place. The rows after the distinct ids are padding.
 */
export interface GatheredRows {
  readonly table: EmbeddingTable;
  /** [capacity, dimension]: the parameters of {@link optimizer}. */
  readonly parameters: HostTensor & { readonly data: Float32Array };
  /** [capacity, dimension]: the gradients of {@link optimizer}. */
  readonly gradients: HostTensor & { readonly data: Float32Array };
  /** The optimizer of these rows. A slot has a number for each parameter. */
  readonly optimizer: FlatOptimizer;
}

/** @param shape the most distinct ids of a batch, and the dimension of the table */
export function gatheredRows(
  table: EmbeddingTable,
  shape: readonly [capacity: number, dimension: number],
  optimizer: FlatOptimizer,
): GatheredRows {
  const tensor = (data: Float32Array) => ({ type: 'float32', shape, data }) as const;
  return { table, parameters: tensor(optimizer.parameters), gradients: tensor(optimizer.gradients), optimizer };
}
