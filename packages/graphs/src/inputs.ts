import type { HostTensor, TensorSpec, TraceOptions } from '@polytask/compile';
import {
  gatheredShape,
  gatherTables,
  knownLabels,
  labelsInOrder,
  allParts,
  distinctGroups,
  groupedTasks,
  isIndexPart,
  missingGroups,
  presentParts,
  readVariables,
  copiedRows,
  byIndexPart,
  type Batch,
  type BatchTensors,
  type IndexPart,
  type MultiTaskModel,
  type GatheredBatch,
  type PositionTensors,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';

/** The part of a model that determines its batch inputs. */
export type BatchReader = Pick<MultiTaskModel, 'layout' | 'taskNames' | 'store'> &
  Partial<Pick<MultiTaskModel, 'schema'>>;

export interface BatchInput extends Required<TensorSpec> {
  readonly name: string;
  read(batch: GatheredBatch): HostTensor;
}

/** The name of the input with the positions of a part's ids in gathered rows. @example positionInput('ids') // 'positions:ids' */
const positionInput = (part: IndexPart): string => `positions:${part}`;

/**
 * The inputs of a graph that reads a batch: each part of the features that has columns, [rows, width], the positions of ids in tables with
 * sparse updates, the labels and weights of all tasks, [tasks, rows], and `groups`, [rows], if a loss compares the rows of a group.
 *
 * @param labeled whether the graph reads labels, weights and groups. Default true
 * @example
 * const feeds = Object.fromEntries(batchInputs(model, batch.size).map(({ name, read }) => [name, read(batch)]));
 */
export function batchInputs(model: BatchReader, rows: number, labeled = true): BatchInput[] {
  const { layout, taskNames, store, schema } = model;
  const input = (
    name: string,
    dtype: 'float32' | 'int32',
    shape: readonly number[],
    data: (batch: GatheredBatch) => HostTensor['data'],
  ): BatchInput => ({ name, dtype, shape, read: (batch) => ({ type: dtype, shape, data: data(batch) }) });
  const parts = presentParts(layout);
  const isGathered = store.tables().length > 0;
  const positions = parts.flatMap(({ name, dtype, width }) =>
    isGathered && isIndexPart(name)
      ? [input(positionInput(name), dtype, [rows, width], (batch) => batch.gathered!.positions[name])]
      : [],
  );
  const features = [
    ...parts.map(({ name, dtype, width }) => input(name, dtype, [rows, width], (batch) => batch[name])),
    ...positions,
  ];
  if (!labeled) return features;
  const [grouped] = schema ? groupedTasks(schema.tasks) : [];
  const groupsIn = ({ groups }: GatheredBatch) =>
    groups ? distinctGroups(groups) : missingGroups(schema!.tasks[grouped!]!, 'the batch');
  return [
    ...features,
    input('labels', 'float32', [taskNames.length, rows], (batch) => {
      const { labels, weights } = labelsInOrder(batch, taskNames);
      return knownLabels(labels, weights);
    }),
    input('weights', 'float32', [taskNames.length, rows], (batch) => labelsInOrder(batch, taskNames).weights),
    ...(grouped === undefined ? [] : [input('groups', 'int32', [rows], groupsIn)]),
  ];
}

/**
 * The numbers of a batch by input name: those of its {@link batchInputs}, and the gathered rows of tables.
 *
 * @param inputs those of a graph for batches of this size
 * @example await session.run(batchFeeds(batchInputs(model, batch.size, false), gatherBatch(model, batch)));
 */
export function batchFeeds(inputs: readonly BatchInput[], batch: GatheredBatch): Record<string, HostTensor> {
  const feeds: Record<string, HostTensor> = {};
  for (const { name, read } of inputs) feeds[name] = read(batch);
  if (batch.gathered)
    for (const [name, rows] of Object.entries(batch.gathered.tables))
      feeds[parameterInput(name)] = { type: 'float32', ...rows };
  return feeds;
}

/**
 * The batch that a model reads from the tensors of {@link batchInputs}. Without labels, `labels` and `weights` are [0, rows].
 *
 * @param tables the gathered rows of tables, by name
 * @example model.forward(batchTensors({ numeric: tf.zeros([8, 2]) }, 8));
 */
export const batchTensors = (
  inputs: Readonly<Record<string, tf.Tensor>>,
  rows: number,
  tables?: Readonly<Record<string, tf.Tensor>>,
): BatchTensors => ({
  ...allParts(inputs, rows),
  ...(tables && { gathered: { tables, positions: positionsAmong(inputs, rows) } }),
  labels: (inputs['labels'] ?? tf.zeros([0, rows])) as tf.Tensor2D,
  weights: (inputs['weights'] ?? tf.zeros([0, rows])) as tf.Tensor2D,
  ...(inputs['groups'] && { groups: inputs['groups'] as tf.Tensor1D }),
});

const positionsAmong = (inputs: Readonly<Record<string, tf.Tensor>>, rows: number): PositionTensors =>
  byIndexPart((part) => (inputs[positionInput(part)] ?? tf.zeros([rows, 0], 'int32')) as tf.Tensor2D);

/** The name of the input for a parameter or buffer. @example parameterInput('towers.kernel') // 'parameter:towers.kernel' */
export const parameterInput = (parameter: string): string => `parameter:${parameter}`;

/** Options for `trace` that name the inputs of a model's variables by {@link parameterInput}. */
export function parameterNames(
  { store }: Pick<MultiTaskModel, 'store'>,
  tables: ReadonlyMap<string, tf.Variable> = new Map(),
): Required<Pick<TraceOptions, 'inputName'>> {
  const names = new Map(store.all().map(({ name, variable }) => [variable, parameterInput(name)]));
  for (const [name, variable] of tables) names.set(variable, parameterInput(name));
  return { inputName: (variable) => names.get(variable) };
}

/** The numbers of a model's variables at one moment, by input name. Tables with sparse updates are not among them. */
export type Snapshot = Readonly<Record<string, Float32Array>>;

/** Copies all variables of a model. @example const file = forInference(traced, await readSnapshot(model)); */
export async function readSnapshot({ store }: Pick<MultiTaskModel, 'store'>): Promise<Snapshot> {
  const variables = Object.entries(await readVariables(store));
  return Object.fromEntries(variables.map(([name, { data }]) => [parameterInput(name), data as Float32Array]));
}

/** Variables for the gathered rows of all tables, to be traced in a graph. Dispose them afterwards. */
export const tableVariables = ({ layout, store }: BatchReader, rows: number): Map<string, tf.Variable> =>
  new Map(
    store.tables().map((table) => {
      const variable = tf.tidy(() => tf.variable(tf.zeros(gatheredShape(table, layout, rows)), table.rate > 0));
      return [table.name, variable] as const;
    }),
  );

/**
 * Gathers the rows of all tables that a batch reads, as many as a graph for batches of this size has.
 *
 * @throws PolytaskError when an id is outside of a table
 * @example await session.run(batchFeeds(batchInputs(model, batch.size, false), gatherBatch(model, batch)));
 */
export const gatherBatch = ({ layout, store }: Pick<MultiTaskModel, 'layout' | 'store'>, batch: Batch): GatheredBatch =>
  gatherTables(batch, store.tables(), (table, ids) => copiedRows(table, ids, gatheredShape(table, layout, batch.size)));
