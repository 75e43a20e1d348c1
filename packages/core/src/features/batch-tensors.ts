import * as tf from '@tensorflow/tfjs-core';
import { fail } from '../errors/errors.ts';
import type { EmbeddingTable } from '../tables/embedding-table.ts';
import { uniqueIds } from '../tables/unique-ids.ts';
import type { Batch } from './batch.ts';
import { BATCH_PARTS, byPart, type BatchPart, type Layout } from './layout.ts';

/** Each part of {@link BATCH_PARTS} as a tensor, [batch, width of the part]. */
export type PartTensors = { readonly [P in BatchPart]: tf.Tensor2D };

/** The features of a batch as tensors. */
export type FeatureTensors = PartTensors & {
  /** The gathered rows of tables that are trained by rows, by name: [rows, dimension]. Ids are then positions in these rows. */
  readonly tables?: Readonly<Record<string, tf.Tensor>>;
};

/** A batch as tensors: the features, and the labels and weights of all tasks. */
export interface BatchTensors extends FeatureTensors {
  /** [tasks, batch], in the order of the schema; 0 where the weight is 0. [0, batch] when no row has a label. */
  readonly labels: tf.Tensor2D;
  /** [tasks, batch] */
  readonly weights: tf.Tensor2D;
}

/**
 * Copies the features of a batch to the current backend. Call it in a `tf.tidy`, or dispose the tensors.
 *
 * @param tables the tables of the model that are trained by rows
 * @example tf.tidy(() => model.forward(featureTensors(batch, model.layout, model.store.tables())).logits.click.dataSync())
 */
export function featureTensors(batch: Batch, layout: Layout, tables: readonly EmbeddingTable[] = []): FeatureTensors {
  if (tables.length === 0) return partTensors(batch, layout);
  const { ids, batch: positions } = uniqueIds(batch);
  const rowsOf = (table: EmbeddingTable) => {
    const rows = new Float32Array(ids.length * table.dimension);
    table.gather(ids, rows);
    return tf.tensor2d(rows, [ids.length, table.dimension]);
  };
  return {
    ...partTensors(positions, layout),
    tables: Object.fromEntries(tables.map((table) => [table.name, rowsOf(table)])),
  };
}

/**
 * Copies the parts of a batch to the current backend, with ids as they are. Call it in a `tf.tidy`, or dispose the tensors.
 *
 * @example partTensors(batch, model.layout).ids.shape // [batch, fields]
 */
export const partTensors = (batch: Batch, layout: Layout): PartTensors =>
  byPart((name, dtype) => tf.tensor2d(batch[name], [batch.size, BATCH_PARTS[name].width(layout)], dtype));

/**
 * The gathered rows of a table, [rows, dimension], which the ids of these features are positions in.
 *
 * @throws PolytaskError when the features have no rows of this table
 * @example lookup(gatheredRows(table, features), features.ids) // [batch, fields, dimension]
 */
export const gatheredRows = ({ name }: Pick<EmbeddingTable, 'name'>, { tables = {} }: FeatureTensors): tf.Tensor =>
  tables[name] ??
  fail({
    expected: `the rows of the table "${name}" among the features`,
    received: `features with ${Object.keys(tables).length} tables`,
    mend: 'Make the tensors with model.toTensors(batch), or build the model with embed({ update: "dense" }).',
  });

/**
 * Copies a batch to the current backend. Call it in a `tf.tidy`, or dispose the tensors.
 *
 * @param tasks the tasks in the order of the schema; tasks without labels in the batch are left out
 * @param tables the tables of the model that are trained by rows
 * @example tf.tidy(() => lossesOf(model, toTensors(batch, model.layout, model.taskNames)).total.dataSync())
 */
export function toTensors(
  batch: Batch,
  layout: Layout,
  tasks: readonly string[] = Object.keys(batch.labels),
  tables: readonly EmbeddingTable[] = [],
): BatchTensors {
  const labeled = tasks.filter((task) => Object.hasOwn(batch.labels, task));
  const shape: [number, number] = [labeled.length, batch.size];
  return {
    ...featureTensors(batch, layout, tables),
    labels: tf.tensor2d(labelsOf(batch, labeled), shape),
    weights: tf.tensor2d(weightsOf(batch, labeled), shape),
  };
}

/**
 * The labels of the tasks one after the other, [tasks × size]; 0 where the weight is 0.
 *
 * @example labelsOf(batch, ['click', 'like']).length // 2 × batch.size
 */
export const labelsOf = ({ size, labels, weights }: Batch, tasks: readonly string[]): Float32Array =>
  endToEnd(size, tasks, (task) => knownLabels(labels[task]!, weights[task]));

/**
 * The sample weights of the tasks one after the other, [tasks × size].
 *
 * @example weightsOf(batch, ['click', 'like']).length // 2 × batch.size
 */
export const weightsOf = ({ size, weights }: Batch, tasks: readonly string[]): Float32Array =>
  endToEnd(size, tasks, (task) => weights[task]!);

function endToEnd(size: number, tasks: readonly string[], column: (task: string) => Float32Array): Float32Array {
  const all = new Float32Array(tasks.length * size);
  tasks.forEach((task, t) => all.set(column(task), t * size));
  return all;
}

/**
 * Completes the inputs of a graph or layer, the {@link presentParts}, with an empty tensor [rows, 0] for the other parts.
 *
 * @example allParts({ numeric: tf.zeros([32, 4]) }, 32).ids.shape // [32, 0]
 */
export const allParts = (inputs: Partial<Record<BatchPart, tf.Tensor>>, rows: number): FeatureTensors =>
  byPart((name, dtype) => (inputs[name] ?? tf.zeros([rows, 0], dtype)) as tf.Tensor2D);

/**
 * Sets labels to 0 where the weight is 0. A NaN label would otherwise reach the loss, because NaN × 0 is NaN.
 *
 * @example knownLabels(Float32Array.of(1, NaN), Float32Array.of(1, 0)) // [1, 0]
 */
export function knownLabels(labels: Float32Array, weights: Float32Array | undefined): Float32Array {
  if (!weights || !weights.includes(0)) return labels;
  return labels.map((label, row) => (weights[row] === 0 ? 0 : label));
}
