import type { HostTensor } from '@polytask/compile';
import { toTensors, type Batch, type BatchTensors, type EmbeddingTable, type MultiTaskModel } from '@polytask/core';
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

/** The tensors of a batch whose ids are positions in these variables. Call this function in a `tf.tidy`. */
export const gatheredTensors = (
  { layout, taskNames }: Pick<MultiTaskModel, 'layout' | 'taskNames'>,
  batch: Batch,
  tables: ReadonlyMap<string, tf.Variable>,
): BatchTensors => ({ ...toTensors(batch, layout, taskNames), tables: Object.fromEntries(tables) });
