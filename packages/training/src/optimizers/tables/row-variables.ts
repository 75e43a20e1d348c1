import type { HostTensor } from '@polytask/compile';
import {
  positionTensors,
  toTensors,
  type BatchTensors,
  type EmbeddingTable,
  type MultiTaskModel,
  type PlacedBatch,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';

/** The gathered rows of tables as variables on the current backend, by table. Dispose them after the step. */
export const rowVariables = (
  rows: readonly { readonly table: EmbeddingTable; readonly parameters: HostTensor }[],
): Map<string, tf.Variable> =>
  new Map(
    rows.map(({ table, parameters: { data, shape } }) => {
      const variable = tf.tidy(() => tf.variable(tf.tensor(data, [...shape], 'float32')));
      return [table.name, variable] as const;
    }),
  );

/** The tensors of a batch whose rows of tables are in these variables. Call this function in a `tf.tidy`. */
export function placedTensors(
  { layout, taskNames }: Pick<MultiTaskModel, 'layout' | 'taskNames'>,
  batch: PlacedBatch,
  tables: ReadonlyMap<string, tf.Variable>,
): BatchTensors {
  const tensors = toTensors(batch, layout, taskNames);
  if (!batch.positions) return tensors;
  const positions = positionTensors(batch.positions, batch.size, layout);
  return { ...tensors, gathered: { tables: Object.fromEntries(tables), positions } };
}
