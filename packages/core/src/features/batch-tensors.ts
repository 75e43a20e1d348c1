import * as tf from '@tensorflow/tfjs-core';
import { fail } from '@polytask/components';
import type { EmbeddingTable } from '../memory/embedding-table.ts';
import { gatherTables, type GatheredBatch } from './unique-ids.ts';
import type { Batch } from './batch.ts';
import { BATCH_PARTS, byIndexPart, byPart, type BatchPart, type IndexPart, type Layout } from './layout.ts';

/** Each part of {@link BATCH_PARTS} as a tensor, [batch, width of the part]. */
export type PartTensors = { readonly [P in BatchPart]: tf.Tensor2D };

/** The features of a batch as tensors. */
export type FeatureTensors = PartTensors & {
  /** The rows of tables that are trained by rows, gathered for a batch. {@link gatheredRows} reads them. */
  readonly gathered?: {
    /** The rows of each table by its name, [rows, dimension]. */
    readonly tables: Readonly<Record<string, tf.Tensor>>;
    /** The positions of the batch's ids in these rows. */
    readonly positions: PositionTensors;
  };
};

/** Numbers of rows for each part that holds ids, [batch, width of the part]. */
export type PositionTensors = Readonly<Record<IndexPart, tf.Tensor2D>>;

/** A batch as tensors: the features, and the labels and weights of all tasks. */
export interface BatchTensors extends FeatureTensors {
  /** The names of the tasks with labels. Default: all tasks, in the order of the schema. */
  readonly tasks?: readonly string[];
  /** [tasks, batch]; 0 where the weight is 0. [0, batch] when no row has a label. */
  readonly labels: tf.Tensor2D;
  /** [tasks, batch] */
  readonly weights: tf.Tensor2D;
  /** Equal numbers for the rows of a group, [batch]; only where the batch has groups. */
  readonly groups?: tf.Tensor1D;
}

/**
 * Copies the features of a batch to the current backend. Call it in a `tf.tidy`, or dispose the tensors.
 *
 * @param tables the tables of the model that are trained by rows, unless their rows are in the batch
 * @example tf.tidy(() => model.forward(featureTensors(batch, model.layout, model.store.tables())).logits.click.dataSync())
 */
export function featureTensors(
  batch: GatheredBatch,
  layout: Layout,
  tables: readonly EmbeddingTable[] = [],
): FeatureTensors {
  const { gathered } = batch.gathered ? batch : gatherTables(batch, tables);
  const parts = partTensors(batch, layout);
  if (!gathered) return parts;
  const rows = Object.entries(gathered.tables).map(([name, { data, shape }]) => [
    name,
    tf.tensor2d(data, shape as [number, number]),
  ]);
  const positions = byIndexPart((name) => tf.tensor2d(gathered.positions[name], parts[name].shape, 'int32'));
  return { ...parts, gathered: { tables: Object.fromEntries(rows), positions } };
}

/**
 * Copies the parts of a batch to the current backend, with ids as they are. Call it in a `tf.tidy`, or dispose the tensors.
 *
 * @example partTensors(batch, model.layout).ids.shape // [batch, fields]
 */
export const partTensors = (batch: Batch, layout: Layout): PartTensors =>
  byPart((name, dtype) => tf.tensor2d(batch[name], [batch.size, BATCH_PARTS[name].width(layout)], dtype));

/** Rows of a table, and which of them each id of a batch has. */
export interface GatheredRows {
  /** [rows, dimension] */
  readonly rows: tf.Tensor;
  /** The positions of the batch's ids in `rows`. */
  readonly positions: PositionTensors;
}

/**
 * The rows of a table that were gathered for a batch. The ids of the features are rows of the whole table, so they don't
 * belong to these rows: look up positions.
 *
 * @throws PolytaskError when the features have no rows of this table
 * @example
 * const { rows, positions } = gatheredRows(table, features);
 * lookup(rows, positions.ids); // [batch, fields, dimension]
 */
export function gatheredRows({ name }: Pick<EmbeddingTable, 'name'>, { gathered }: FeatureTensors): GatheredRows {
  const rows = gathered?.tables[name];
  if (gathered && rows) return { rows, positions: gathered.positions };
  return fail({
    expected: `the rows of the table "${name}" among the features`,
    received: gathered ? 'other tables' : 'none',
    mend: 'Make the tensors with model.toTensors(batch).',
  });
}

/**
 * Copies a batch to the current backend. Call it in a `tf.tidy`, or dispose the tensors.
 *
 * @param tables the tables of the model that are trained by rows
 * @example tf.tidy(() => lossesOf(model, toTensors(batch, model.layout)).total.dataSync())
 */
export function toTensors(batch: GatheredBatch, layout: Layout, tables: readonly EmbeddingTable[] = []): BatchTensors {
  const { tasks, size, labels, weights, groups } = batch;
  const stacked = (all: Float32Array) => tf.tensor2d(all, [tasks.length, size]);
  return {
    ...featureTensors(batch, layout, tables),
    tasks,
    labels: stacked(knownLabels(labels, weights)),
    weights: stacked(weights),
    ...(groups && { groups: tf.tensor1d(distinctGroups(groups), 'int32') }),
  };
}

/**
 * Gives each row without a group a number that no other row has.
 *
 * @param groups [size]; a row with a number below 0 has no group
 * @example distinctGroups(Int32Array.of(5, -1, 5, -1)) // [5, -2, 5, -4]
 */
export const distinctGroups = (groups: Int32Array): Int32Array =>
  groups.map((group, row) => (group < 0 ? ~row : group));

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
export const knownLabels = (labels: Float32Array, weights: Float32Array): Float32Array =>
  weights.includes(0) ? labels.map((label, i) => (weights[i] === 0 ? 0 : label)) : labels;
