import * as tf from '@tensorflow/tfjs-core';
import { fail, groupBy, recordOf } from '@polytask/components';
import type { BatchTensors } from '../features/batch-tensors.ts';
import type { Call, ForwardOptions } from '../layers/layer.ts';
import { unstack } from '../layers/operations.ts';
import { logitsOf, SELF_AUXILIARY, type StackedLogits } from './heads.ts';
import { tensorMath } from '../arithmetic/tensor-math.ts';
import { groupLossOf, lossOf, rowLossOf } from '../tasks/losses/loss-of.ts';
import type { Task, Tasks } from '../tasks/tasks.ts';
import type { MultiTaskModel } from './model.ts';

export interface Losses {
  /** Σ weight × loss over the tasks, plus the auxiliary losses. */
  readonly total: tf.Scalar;
  /** The loss of each task, before its weight, [tasks]. */
  readonly tasks: tf.Tensor1D;
  /** The auxiliary losses, after their weights. */
  readonly auxiliary: Readonly<Record<string, tf.Scalar>>;
}

/**
 * The losses of a batch. A training step follows the gradient of `total`. It runs on the current TF.js backend: call it in a
 * `tf.tidy` or a gradient.
 *
 * @param batch the features, and the labels and weights [tasks, batch]; see `model.toTensors`
 * @throws PolytaskError when the labels have another number of tasks than the model, or an option is unknown
 * @example tf.tidy(() => lossesOf(model, model.toTensors(batch)).total.dataSync()[0])
 */
export function lossesOf<T extends Tasks>(
  model: MultiTaskModel<T>,
  batch: BatchTensors,
  options: ForwardOptions = {},
): Losses {
  const labels = labelsIn(model, batch);
  const { lanes, call, auxiliary: own } = model.trunk(batch, { ...options, labels });
  const { tasks, total } = taskLosses(model.schema.tasks, model.heads(lanes, call), batch);
  const small = options.training ? model.selfAuxiliaries(lanes, call) : undefined;
  const auxiliary = { ...own, ...(small && selfAuxiliaryLosses(model, small, batch)) };
  return { total: Object.values(auxiliary).reduce((sum, loss) => tf.add(sum, loss), total), tasks, auxiliary };
}

/** Gives the labels and weights of a task in a pass, repeated for each member of the model. */
export function labelsIn(
  { taskNames, members }: Pick<MultiTaskModel, 'taskNames' | 'members'>,
  batch: BatchTensors,
): Call['labels'] {
  return (task) => {
    const place = labeledTasks(taskNames, batch).indexOf(task);
    const column = (all: tf.Tensor2D) => tf.reshape(tf.tile(tf.slice(all, [place, 0], [1, -1]), [1, members]), [-1, 1]);
    return { labels: column(batch.labels) as tf.Tensor2D, weights: column(batch.weights) as tf.Tensor2D };
  };
}

/** γ · weight · loss of each small tower, by `self.` and the name of the task. */
function selfAuxiliaryLosses(
  { schema, config }: Pick<MultiTaskModel, 'schema' | 'config'>,
  logits: StackedLogits,
  batch: BatchTensors,
): Record<string, tf.Scalar> {
  const { weight } = config.selfAuxiliaries!;
  const losses = unstack(taskLosses(schema.tasks, logits, batch).tasks);
  const terms = Object.entries(schema.tasks).map(([name, task], t) => [
    SELF_AUXILIARY + name,
    tf.mul(losses[t]!, weight * (task.weight ?? 1)),
  ]);
  return Object.fromEntries(terms) as Record<string, tf.Scalar>;
}

/** The losses of all tasks, [tasks], and Σ weight × loss. Tasks with the same loss and number of outputs are computed together. */
export function taskLosses(
  tasks: Tasks,
  logits: StackedLogits,
  batch: Pick<BatchTensors, 'tasks' | 'labels' | 'weights' | 'groups'>,
): Pick<Losses, 'tasks' | 'total'> {
  const { labels, weights, groups } = batch;
  const all = Object.keys(tasks);
  const labeled = labeledTasks(all, batch);
  const parts = byLoss(tasks, logits).map(({ names, outputs }) => {
    const rows = names.map((name) => labeled.indexOf(name));
    const losses = memberLosses(tasks[names[0]!]!, outputs, rowsOf(labels, rows), rowsOf(weights, rows), groups);
    return { places: names.map((name) => all.indexOf(name)), losses };
  });
  const counts = (places: readonly number[]) => tf.tensor1d(places.map((place) => tasks[all[place]!]!.weight ?? 1));
  const total = parts.reduce<tf.Scalar>(
    (sum, { places, losses }) => tf.add(sum, tf.sum(tf.mul(losses, counts(places)))),
    tf.scalar(0),
  );
  const order = parts.flatMap(({ places }) => places);
  const joined = parts.length === 1 ? parts[0]!.losses : tf.concat(parts.map(({ losses }) => losses));
  if (order.every((place, i) => place === i)) return { tasks: joined, total };
  const each = unstack(joined);
  return { tasks: tf.stack(all.map((_, t) => each[order.indexOf(t)]!)) as tf.Tensor1D, total };
}

/** The tasks of the rows of `labels`, in their order. @throws PolytaskError when one of the tasks has no labels */
function labeledTasks(
  all: readonly string[],
  { labels, tasks: named }: Pick<BatchTensors, 'tasks' | 'labels'>,
): readonly string[] {
  const labeled = named?.length ? named : all;
  if (labels.shape[0] === all.length && all.every((name) => labeled.includes(name))) return labeled;
  return fail({
    expected: `labels of ${all.length} tasks, [${all.length}, batch]`,
    received: `[${labels.shape}]`,
    fix: 'Give the batch labels and weights for each task; the weight is 0 where a label is missing.',
  });
}

/** The losses of tasks with the same loss, [tasks]: means over the members. @param logits [tasks, members · batch, outputs] */
function memberLosses(
  task: Task,
  logits: tf.Tensor3D,
  labels: tf.Tensor2D,
  weights: tf.Tensor2D,
  groups: tf.Tensor | undefined,
): tf.Tensor1D {
  const [tasks, batch] = labels.shape;
  const members = logits.shape[1] / batch;
  if (members === 1) return taskLoss(task, logits, labels, weights, groups) as tf.Tensor1D;
  const each = (x: tf.Tensor2D) => tf.reshape(tf.tile(x, [1, members]), [tasks * members, batch]);
  const own = tf.reshape(logits, [tasks * members, batch, -1]);
  const losses = taskLoss(task, own, each(labels), each(weights), groups); // [tasks · members]
  return tf.mean(tf.reshape(losses, [tasks, members]), 1) as tf.Tensor1D;
}

/** The loss of one task, by its place in the order of the model's tasks. */
export const taskLossAt = ({ tasks }: Pick<Losses, 'tasks'>, task: number): tf.Scalar =>
  tf.reshape(tf.slice(tasks, task, 1), []);

/** Selects rows of [tasks, batch]. Returns the tensor itself when all rows are selected. */
function rowsOf(x: tf.Tensor2D, places: readonly number[]): tf.Tensor2D {
  const first = places[0]!;
  if (!places.every((place, i) => place === first + i)) return tf.gather(x, tf.tensor1d([...places], 'int32'));
  return places.length === x.shape[0] ? x : tf.slice(x, [first, 0], [places.length, x.shape[1]]);
}

/** The tasks with the same loss and number of outputs, with their outputs, in the order of their first tasks. */
function byLoss(tasks: Tasks, logits: StackedLogits): { names: string[]; outputs: tf.Tensor3D }[] {
  const outputsOf = (name: string) => logits.find((block) => block.tasks.includes(name))!.stacked.shape[2];
  const groups = groupBy(Object.keys(tasks), (name) => `${outputsOf(name)} ${JSON.stringify(lossOf(tasks[name]!))}`);
  return [...groups.values()].map((names) => ({ names, outputs: logitsOf(logits, names) }));
}

/**
 * The loss of a task: the mean of the rows' losses by sample weight, or of the comparisons of a loss of groups; 0 without any. With a leading
 * axis in each argument, the result has one loss per task.
 *
 * @param logits [(tasks,) batch, 1], or [(tasks,) batch, classes]
 * @param labels [(tasks,) batch]
 * @param weights [(tasks,) batch]; 0 where the label is missing
 * @param groups [batch], equal numbers for the rows of a group
 */
export function taskLoss(
  task: Task,
  logits: tf.Tensor,
  labels: tf.Tensor,
  weights: tf.Tensor,
  groups?: tf.Tensor,
): tf.Tensor {
  const loss = lossOf(task);
  const grouped = groupLossOf(loss, logits.shape.at(-1)!);
  if (grouped) return grouped.tensors(outputsOf(logits, labels), labels, weights, groups);
  const losses = rowLosses(task, logits, labels);
  const total = tf.sum(tf.mul(losses, weights), -1);
  return tf.div(total, tf.maximum(tf.sum(weights, -1), 1e-12));
}

/**
 * The loss of each row, before sample weights. @param logits [(tasks,) batch, 1 or classes] @param labels [(tasks,) batch]
 *
 * @returns [(tasks,) batch]
 * @example rowLosses(regression(), tf.tensor2d([[1], [4]]), tf.tensor1d([1, 1])) // [0, 9]
 */
export function rowLosses(task: Task, logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  return rowLossOf(lossOf(task), logits.shape.at(-1)!)(outputsOf(logits, labels), labels, tensorMath);
}

/** One output of a row is a number. */
const outputsOf = (logits: tf.Tensor, labels: tf.Tensor): tf.Tensor =>
  logits.shape.at(-1) === 1 ? tf.reshape(logits, labels.shape) : logits;

/** The losses of a step as numbers. */
export interface LossNumbers {
  /** Σ weight × loss over the tasks, plus the auxiliary losses. */
  readonly total: number;
  readonly tasks: Readonly<Record<string, number>>;
  readonly auxiliary: Readonly<Record<string, number>>;
}

/** All losses in one tensor, [tasks + auxiliary + 1], with the total last, so that an engine needs one read. */
export const stackLosses = ({ tasks, auxiliary, total }: Losses): tf.Tensor1D =>
  tf.concat([tasks, tf.stack([...Object.values(auxiliary), total]) as tf.Tensor1D]);

/**
 * The losses of a training step, and the gradients of their total, on any backend or in a trace. Call it in a `tf.tidy`.
 *
 * @param tables variables of the gathered rows of tables, if the batch has some
 * @returns the losses as {@link stackLosses} gives them, kept, and the names of the auxiliary losses. Gradients are those of all trained
 *   parameters of the store, and then of the tables
 * @example const { losses, gradients } = lossGradients(model, model.toTensors(batch));
 */
export function lossGradients<T extends Tasks>(
  model: MultiTaskModel<T>,
  batch: BatchTensors,
  tables: readonly tf.Variable[] = [],
): { losses: tf.Tensor1D; auxiliary: string[]; gradients: tf.Tensor[] } {
  const variables = [...model.store.trainable().map(({ variable }) => variable), ...tables];
  let auxiliary: string[] = [];
  let numbers: tf.Tensor1D | undefined;
  const loss = () => {
    const losses = lossesOf(model, batch, { training: true });
    auxiliary = Object.keys(losses.auxiliary);
    numbers = tf.keep(stackLosses(losses)); // one tensor, so that a step needs one read
    return losses.total;
  };
  try {
    const { grads } = tf.variableGrads(loss, variables);
    const gradients = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
    return { losses: numbers!, auxiliary, gradients };
  } catch (error) {
    numbers?.dispose();
    throw error;
  }
}

/** Names the numbers of {@link stackLosses}. */
export function namedLosses(
  numbers: ArrayLike<number>,
  tasks: readonly string[],
  auxiliary: readonly string[],
): LossNumbers {
  const named = (names: readonly string[], from: number) => recordOf(names, (_, i) => numbers[from + i]!);
  return { tasks: named(tasks, 0), auxiliary: named(auxiliary, tasks.length), total: numbers[numbers.length - 1]! };
}
