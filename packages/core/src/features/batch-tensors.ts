import * as tf from '@tensorflow/tfjs-core';
import { fail, sum } from '@polytask/components';
import type { EmbeddingTable } from '../memory/embedding-table.ts';
import { distinctGroups, knownLabels, type Batch } from './batch.ts';
import {
  BATCH_PARTS,
  byIndexPart,
  byPart,
  INDEX_PARTS,
  type BatchPart,
  type IndexPart,
  type Layout,
} from './layout.ts';

/** The distinct ids of a batch, each once, in the order of their first use, and the position of each id among them. */
export interface UniqueIds {
  readonly ids: Int32Array;
  /** The position of each id of the batch in `ids`, by part. */
  readonly positions: Positions;
}

/** The positions of a batch's ids in the rows that were gathered for it, in the shape of their part. */
export type Positions = Readonly<Record<IndexPart, Int32Array>>;

/** A batch with the rows that it reads of tables with sparse updates. Its ids are still ids. */
export interface GatheredBatch extends Batch {
  /** Undefined when the model has no such table. */
  readonly gathered?: UniqueIds & {
    /** The rows of each table by its name, in the order of `ids`. */
    readonly tables: Readonly<Record<string, TableRows>>;
  };
}

/** Rows of a table. Those after the distinct ids are padding. */
export interface TableRows {
  readonly shape: readonly [rows: number, dimension: number];
  /** [rows × dimension] */
  readonly data: Float32Array;
}

/** 2³² / the golden ratio: multiplied by it, neighboring ids spread over all buckets. */
const SPREAD = 0x9e3779b1;

/** The distinct ids of a batch, as of `torch.unique` with `return_inverse`. Its time grows with the batch alone. */
export function uniqueIds(batch: Batch): UniqueIds {
  const total = sum(INDEX_PARTS, (part) => batch[part].length);
  const bits = Math.max(1, Math.ceil(Math.log2(total + 1)) + 1); // at most half of the buckets are in use
  const [shift, last] = [32 - bits, 2 ** bits - 1];
  const buckets = new Int32Array(2 ** bits); // 1 + the position of an id
  const ids = new Int32Array(total);
  let count = 0;
  const positionOf = (id: number): number => {
    let bucket = Math.imul(id, SPREAD) >>> shift;
    for (;;) {
      const position = buckets[bucket]! - 1;
      if (position < 0) break;
      if (ids[position] === id) return position;
      bucket = (bucket + 1) & last;
    }
    ids[count] = id;
    buckets[bucket] = ++count;
    return count - 1;
  };
  const positions = byIndexPart((part) => batch[part].map(positionOf));
  return { ids: ids.subarray(0, count), positions };
}

/**
 * The shape of the gathered rows of a table for a batch of `rows` rows: the most distinct ids that such a batch can have. So
 * all batches of a size run in the same graph.
 *
 * @example gatheredShape(table, model.layout, 1024) // [8192, 16] for eight categorical features
 */
export function gatheredShape(table: EmbeddingTable, layout: Layout, rows: number): [ids: number, dimension: number] {
  const columns = sum(INDEX_PARTS, (part) => BATCH_PARTS[part].width(layout));
  return [Math.min(table.rows, rows * columns), table.dimension];
}

/**
 * Copies the rows that a batch reads out of each table.
 *
 * @param copy gives the rows of a table with these ids. Default: a copy without padding
 * @throws PolytaskError when an id is outside of a table
 */
export function gatherTables(
  batch: Batch,
  tables: readonly EmbeddingTable[],
  copy: (table: EmbeddingTable, ids: Int32Array) => TableRows = copiedRows,
): GatheredBatch {
  if (tables.length === 0) return batch;
  const distinct = uniqueIds(batch);
  const rows = tables.map((table) => [table.name, copy(table, distinct.ids)] as const);
  return { ...batch, gathered: { ...distinct, tables: Object.fromEntries(rows) } };
}

/** Copies rows of a table, and pads them with zeros. @example copiedRows(table, Int32Array.of(7, 9), gatheredShape(table, model.layout, 1024)) */
export function copiedRows(
  table: EmbeddingTable,
  ids: Int32Array,
  shape: TableRows['shape'] = [ids.length, table.dimension],
): TableRows {
  const data = new Float32Array(shape[0] * shape[1]);
  table.gather(ids, data);
  return { shape, data };
}

/** Each part of {@link BATCH_PARTS} as a tensor, [batch, width of the part]. */
export type PartTensors = { readonly [P in BatchPart]: tf.Tensor2D };

export type FeatureTensors = PartTensors & {
  /** The rows of tables with sparse updates, gathered for a batch. {@link gatheredRows} reads them. */
  readonly gathered?: {
    /** The rows of each table by its name, [rows, dimension]. */
    readonly tables: Readonly<Record<string, tf.Tensor>>;
    /** The positions of the batch's ids in these rows. */
    readonly positions: PositionTensors;
  };
};

/** Numbers of rows for each part that holds ids, [batch, width of the part]. */
export type PositionTensors = Readonly<Record<IndexPart, tf.Tensor2D>>;

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
 * @param tables the tables of the model that have sparse updates, unless their rows are in the batch
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

/** The parts of a batch on the current backend, with ids as they are. Call it in a `tf.tidy`, or dispose the tensors. */
export const partTensors = (batch: Batch, layout: Layout): PartTensors =>
  byPart((name, dtype) => tf.tensor2d(batch[name], [batch.size, BATCH_PARTS[name].width(layout)], dtype));

export interface GatheredRows {
  /** [rows, dimension] */
  readonly rows: tf.Tensor;
  /** The positions of the batch's ids in `rows`. */
  readonly positions: PositionTensors;
}

/** The rows of a table that were gathered for a batch: look up `positions` in them, not ids. */
export function gatheredRows({ name }: Pick<EmbeddingTable, 'name'>, { gathered }: FeatureTensors): GatheredRows {
  const rows = gathered?.tables[name];
  if (gathered && rows) return { rows, positions: gathered.positions };
  return fail({
    expected: `the rows of the table "${name}" among the features`,
    received: gathered ? 'other tables' : 'none',
    fix: 'Make the tensors with model.toTensors(batch).',
  });
}

/**
 * Copies a batch to the current backend. Call it in a `tf.tidy`, or dispose the tensors.
 *
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

/** The inputs of a graph or layer, with an empty tensor [rows, 0] for each part that has no columns. */
export const allParts = (inputs: Partial<Record<BatchPart, tf.Tensor>>, rows: number): FeatureTensors =>
  byPart((name, dtype) => (inputs[name] ?? tf.zeros([rows, 0], dtype)) as tf.Tensor2D);
