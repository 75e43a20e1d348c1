import {
  checkOptions,
  decodeLabel,
  featureTensors,
  knownLabels,
  layoutOf,
  type Batch,
  type Examples,
  type FeatureTensors,
  type Tasks,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { BATCHES_OPTIONS, batches, type BatchesOptions } from './batches.ts';

/** A batch as `tf.LayersModel.fitDataset` reads it: inputs and labels by name. It does not read the weights. */
export type TfBatch = {
  /** The parts of a batch by name, such as numeric [batch, numbers] and ids [batch, fields]. */
  xs: { [K in keyof FeatureTensors]: tf.Tensor2D };
  /** By task, [batch, 1], a regression's in its own unit; where the weight is 0, the label is missing. */
  ys: Record<string, tf.Tensor2D>;
  /** By task, [batch, 1] */
  weights: Record<string, tf.Tensor2D>;
};

/**
 * Encoded rows as a `tf.data` dataset of batches. With a seed, each pass over it has another order.
 *
 * @example await layersModel.fitDataset(toTfDataset(train, { batchSize: 256, seed: 7 }), { epochs: 3 });
 */
export function toTfDataset(examples: Examples, options: Omit<BatchesOptions, 'epoch'> = {}): tf.data.Dataset<TfBatch> {
  const { epoch: _, ...known } = BATCHES_OPTIONS;
  checkOptions(options, known, 'toTfDataset');
  const layout = layoutOf(examples.schema);
  let epoch = 0;
  function* passes(): Generator<TfBatch> {
    for (const batch of batches(examples, { ...options, epoch: epoch++ })) {
      const labels = decoded(batch, examples.schema.tasks);
      yield { xs: featureTensors(batch, layout), ys: asColumns(labels), weights: asColumns(batch.weights) };
    }
  }
  // tf.data types a generator as one of Promises; it takes this one as well
  return tf.data.generator<TfBatch>(passes as unknown as () => Iterator<TfBatch>);
}

const decoded = ({ labels, weights }: Batch, tasks: Tasks): Batch['labels'] =>
  Object.fromEntries(
    Object.entries(labels).map(([name, values]) => [
      name,
      knownLabels(
        values.map((label) => decodeLabel(tasks[name]!, label)),
        weights[name],
      ),
    ]),
  );

const asColumns = (record: Readonly<Record<string, Float32Array>>): Record<string, tf.Tensor2D> =>
  Object.fromEntries(Object.entries(record).map(([task, values]) => [task, tf.tensor2d(values, [values.length, 1])]));
