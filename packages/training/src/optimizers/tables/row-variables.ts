import { toTensors, type BatchTensors, type GatheredBatch, type MultiTaskModel } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';

/** Runs a function in a `tf.tidy` with the tensors of a batch. The gathered rows of tables are variables meanwhile, in their order. */
export function withTrainedRows<R extends tf.TensorContainer>(
  { layout, store }: Pick<MultiTaskModel, 'layout' | 'store'>,
  batch: GatheredBatch,
  use: (tensors: BatchTensors, tables: readonly tf.Variable[]) => R,
): R {
  const variables: tf.Variable[] = [];
  try {
    return tf.tidy(() => {
      const tensors = toTensors(batch, layout);
      if (!tensors.gathered) return use(tensors, variables);
      const tables = Object.entries(tensors.gathered.tables).map(([name, rows], t) => {
        const variable = tf.variable(rows, store.tables()[t]!.rate > 0);
        variables.push(variable);
        return [name, variable] as const;
      });
      return use({ ...tensors, gathered: { ...tensors.gathered, tables: Object.fromEntries(tables) } }, variables);
    });
  } finally {
    tf.dispose(variables);
  }
}
