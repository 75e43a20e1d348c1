import { readOptions } from '@polytask/components';
import {
  labelsOf,
  layoutOf,
  type Batch,
  type Examples,
  type PartTensors,
  knownLabels,
  partTensors,
} from '@polytask/core';
import { decodedLabels } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs';
import { batches, passOptions, type BatchesOptions } from './batches.ts';

/** A batch for `tf.LayersModel.fitDataset`: inputs and labels by name. `fitDataset` does not read the weights. */
export type TfBatch = {
  /** The input arrays by name, such as numeric [batch, numbers] and ids [batch, fields]. */
  xs: { [K in keyof PartTensors]: tf.Tensor2D };
  /** By task, [batch, 1]. A regression's labels have their own unit. The label is missing where the weight is 0. */
  ys: Record<string, tf.Tensor2D>;
  /** By task, [batch, 1] */
  weights: Record<string, tf.Tensor2D>;
};

/**
 * Makes a `tf.data` dataset of batches. With a seed, each pass has its own order.
 *
 * @throws PolytaskError as {@link batches} does
 * @example await layersModel.fitDataset(toTfDataset(train, { batchSize: 256, seed: 7 }), { epochs: 3 });
 */
export function toTfDataset(examples: Examples, options: Omit<BatchesOptions, 'epoch'> = {}): tf.data.Dataset<TfBatch> {
  readOptions(options, passOptions, 'toTfDataset');
  const layout = layoutOf(examples.schema);
  let epoch = 0;
  function* passes(): Generator<TfBatch> {
    for (const batch of batches(examples, { ...options, epoch: epoch++ })) {
      yield {
        xs: partTensors(batch, layout),
        ys: columnsOf(batch, ({ labels, weights }, task) =>
          knownLabels(Float32Array.from(decodedLabels(examples.schema.tasks[task]!, labels)), weights),
        ),
        weights: columnsOf(batch, ({ weights }) => weights),
      };
    }
  }
  // by its types, tf.data takes generators of promises only; it takes generators of values, too
  return tf.data.generator<TfBatch>(passes as unknown as () => Iterator<TfBatch>);
}

const columnsOf = (
  batch: Batch,
  of: (own: ReturnType<typeof labelsOf>, task: string) => Float32Array,
): Record<string, tf.Tensor2D> =>
  Object.fromEntries(batch.tasks.map((task) => [task, tf.tensor2d(of(labelsOf(batch, task), task), [batch.size, 1])]));
