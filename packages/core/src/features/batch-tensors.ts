import * as tf from '@tensorflow/tfjs-core';
import { fail } from '@polytask/components';
import type { EmbeddingTable } from '../memory/embedding-table.ts';
import { uniqueIds, type Positions } from './unique-ids.ts';
import { labelsInOrder, type Batch } from './batch.ts';
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
  /** [tasks, batch], in the order of the schema; 0 where the weight is 0. [0, batch] when no row has a label. */
  readonly labels: tf.Tensor2D;
  /** [tasks, batch] */
  readonly weights: tf.Tensor2D;
  /** Equal numbers for the rows of a group, [batch]; only where the batch has groups. */
  readonly groups?: tf.Tensor1D;
}

/**
 * Copies the features of a batch to the current backend. Call it in a `tf.tidy`, or dispose the tensors.
 *
 * @param tables the tables of the model that are trained by rows
 * @example tf.tidy(() => model.forward(featureTensors(batch, model.layout, model.store.tables())).logits.click.dataSync())
 */
export function featureTensors(batch: Batch, layout: Layout, tables: readonly EmbeddingTable[] = []): FeatureTensors {
  if (tables.length === 0) return partTensors(batch, layout);
  const { ids, positions } = uniqueIds(batch);
  const rowsOf = (table: EmbeddingTable) => {
    const rows = new Float32Array(ids.length * table.dimension);
    table.gather(ids, rows);
    return tf.tensor2d(rows, [ids.length, table.dimension]);
  };
  return {
    ...partTensors(batch, layout),
    gathered: {
      tables: Object.fromEntries(tables.map((table) => [table.name, rowsOf(table)])),
      positions: positionTensors(positions, batch.size, layout),
    },
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
 * Copies the positions of a batch's ids in gathered rows to the current backend. Call it in a `tf.tidy`, or dispose the tensors.
 *
 * @param size the number of rows of the batch
 */
export const positionTensors = (positions: Positions, size: number, layout: Layout): PositionTensors =>
  byIndexPart((name) => tf.tensor2d(positions[name], [size, BATCH_PARTS[name].width(layout)], 'int32'));

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
    received: `features with ${Object.keys(gathered?.tables ?? {}).length} tables`,
    mend: 'Make the tensors with model.toTensors(batch).',
  });
}

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
  tasks: readonly string[] = batch.tasks,
  tables: readonly EmbeddingTable[] = [],
): BatchTensors {
  const labeled = tasks.filter((task) => batch.tasks.includes(task));
  const { labels, weights } = labelsInOrder(batch, labeled);
  const shape: [number, number] = [labeled.length, batch.size];
  return {
    ...featureTensors(batch, layout, tables),
    labels: tf.tensor2d(knownLabels(labels, weights), shape),
    weights: tf.tensor2d(weights, shape),
    ...(batch.groups && { groups: tf.tensor1d(distinctGroups(batch.groups), 'int32') }),
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
