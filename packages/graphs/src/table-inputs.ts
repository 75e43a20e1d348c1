import type { HostTensor } from '@polytask/compile';
import { gatheredShape, uniqueIds, type Batch, type MultiTaskModel, type PlacedBatch } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { parameterInput } from './inputs.ts';

/** The part of a model that determines its gathered rows. */
export type TableReader = Pick<MultiTaskModel, 'layout' | 'store'>;

/** Variables for the gathered rows of all tables, to be traced in a graph. Dispose them afterwards. */
export const tableVariables = ({ layout, store }: TableReader, rows: number): Map<string, tf.Variable> =>
  new Map(
    store.tables().map((table) => {
      const variable = tf.tidy(() => tf.variable(tf.zeros(gatheredShape(table, layout, rows))));
      return [table.name, variable] as const;
    }),
  );

/** A batch with the inputs of its gathered rows. */
export interface GatheredBatch {
  /** The batch that the graph reads, with the positions of its ids in the gathered rows. */
  readonly batch: PlacedBatch;
  /** The gathered rows of each table, by input name. The rows after the distinct ids are 0. */
  readonly feeds: Readonly<Record<string, HostTensor>>;
}

/**
 * Gathers the rows of all tables that a batch reads, as inputs of a graph for batches of this size.
 *
 * @throws PolytaskError when an id is outside of a table
 * @example
 * const { batch: placed, feeds } = gatherBatch(model, batch);
 * for (const { name, read } of batchInputs(model, batch.size, false)) feeds[name] = read(placed);
 */
export function gatherBatch({ layout, store }: TableReader, batch: Batch): GatheredBatch {
  const tables = store.tables();
  if (tables.length === 0) return { batch, feeds: {} };
  const { ids, positions } = uniqueIds(batch);
  const feeds = tables.map((table): [string, HostTensor] => {
    const shape = gatheredShape(table, layout, batch.size);
    const data = new Float32Array(shape[0] * shape[1]);
    table.gather(ids, data);
    return [parameterInput(table.name), { type: 'float32', shape, data }];
  });
  return { batch: { ...batch, positions }, feeds: Object.fromEntries(feeds) };
}
