import * as tf from '@tensorflow/tfjs-core';
import { fail } from '@polytask/components';
import type { BatchTensors } from '../features/batch-tensors.ts';
import { unstack } from '../layers/members.ts';
import { SELF_AUXILIARY } from './self-auxiliaries.ts';
import { lossOf } from '../tasks/losses/loss-of.ts';
import { taskLoss } from '../tasks/losses.ts';
import type { Tasks } from '../tasks/tasks.ts';
import type { ForwardOptions } from './call-on.ts';
import type { MultiTaskModel } from './model.ts';

/** The losses of a batch. */
export interface Losses<T extends Tasks = Tasks> {
  /** Σ weight × loss over the tasks, plus the auxiliary losses. */
  readonly total: tf.Scalar;
  /** The loss of each task, before its weight. */
  readonly tasks: Readonly<Record<keyof T & string, tf.Scalar>>;
  /** The auxiliary losses, after their weights. */
  readonly auxiliary: Readonly<Record<string, tf.Scalar>>;
}

/**
 * The losses of a batch. A training step follows the gradient of `total`. It runs on the current TF.js backend: call it in a
 * `tf.tidy` or a gradient.
 *
 * @param batch the features, and the labels and weights [tasks, batch]; see `model.toTensors`
 * @throws PolytaskError when the labels have another number of tasks than the model
 * @example tf.tidy(() => lossesOf(model, model.toTensors(batch)).total.dataSync()[0])
 */
export function lossesOf<T extends Tasks>(
  model: MultiTaskModel<T>,
  batch: BatchTensors,
  options: ForwardOptions = {},
): Losses<T> {
  const { tasks: declared } = model.schema;
  const { lanes, call, auxiliary: own } = model.trunk(batch, options);
  const { tasks, total } = taskLosses(declared, model.heads(lanes, call), batch);
  const small = options.training ? model.selfAuxiliaries(lanes, call) : undefined;
  const auxiliary = { ...own, ...(small && selfAuxiliaryLosses(model, small, batch)) };
  return { total: Object.values(auxiliary).reduce((sum, loss) => tf.add(sum, loss), total), tasks, auxiliary };
}

/** γ · weight · loss of each small tower, by `self.` and the name of the task. */
function selfAuxiliaryLosses(
  { schema, config }: Pick<MultiTaskModel, 'schema' | 'config'>,
  logits: Readonly<Record<string, tf.Tensor2D>>,
  batch: BatchTensors,
): Record<string, tf.Scalar> {
  const { weight } = config.selfAuxiliaries!;
  const losses = taskLosses(schema.tasks, logits, batch).tasks;
  const terms = Object.entries(losses).map(([name, loss]) => [
    SELF_AUXILIARY + name,
    tf.mul(loss, weight * (schema.tasks[name]!.weight ?? 1)),
  ]);
  return Object.fromEntries(terms) as Record<string, tf.Scalar>;
}

/** The tasks' losses, and their weighted sum Σ weight × loss. */
export interface TaskLosses<T extends Tasks> {
  readonly tasks: Readonly<Record<keyof T & string, tf.Scalar>>;
  readonly total: tf.Scalar;
}

/**
 * Computes the losses of all tasks. Tasks with the same loss and number of outputs are stacked and computed together.
 *
 * @param batch labels and weights, [tasks, batch] in the order of `tasks`; groups, [batch], where a loss compares rows
 * @throws PolytaskError when the labels have another number of tasks
 */
export function taskLosses<T extends Tasks>(
  tasks: T,
  logits: Readonly<Record<keyof T & string, tf.Tensor2D>>,
  { labels, weights, groups }: Pick<BatchTensors, 'labels' | 'weights' | 'groups'>,
): TaskLosses<T> {
  const losses: Partial<Record<string, tf.Scalar>> = {};
  let total: tf.Scalar = tf.scalar(0);
  const all = Object.keys(tasks);
  if (labels.shape[0] !== all.length) {
    fail({
      expected: `labels of ${all.length} tasks, [${all.length}, batch]`,
      received: `[${labels.shape}]`,
      mend: 'Give the batch labels and weights for each task; the weight is 0 where a label is missing.',
    });
  }
  for (const names of byLoss(tasks, logits)) {
    const stacked = tf.stack(names.map((name) => logits[name]!));
    const places = names.map((name) => all.indexOf(name));
    const group = taskLoss(tasks[names[0]!]!, stacked, rowsOf(labels, places), rowsOf(weights, places), groups); // [names]
    const counts = tf.tensor1d(names.map((name) => tasks[name]!.weight ?? 1));
    total = tf.add(total, tf.sum(tf.mul(group, counts)));
    unstack(group).forEach((loss, i) => (losses[names[i]!] = loss as tf.Scalar));
  }
  const inOrder = all.map((name) => [name, losses[name]!]);
  return { tasks: Object.fromEntries(inOrder) as Record<keyof T & string, tf.Scalar>, total };
}

/** Selects rows of [tasks, batch]. Returns the tensor itself when all rows are selected. */
function rowsOf(x: tf.Tensor2D, places: readonly number[]): tf.Tensor2D {
  const first = places[0]!;
  if (places.length === x.shape[0]) return x;
  if (places.every((place, i) => place === first + i)) return tf.slice(x, [first, 0], [places.length, x.shape[1]]);
  return tf.gather(x, tf.tensor1d([...places], 'int32'));
}

/** Groups the names of tasks with the same loss and number of outputs. */
function byLoss<T extends Tasks>(tasks: T, logits: Readonly<Record<string, tf.Tensor2D>>): string[][] {
  const groups = new Map<string, string[]>();
  for (const [name, task] of Object.entries(tasks)) {
    const key = `${logits[name]!.shape[1]} ${JSON.stringify(lossOf(task))}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()];
}

/** The losses of a step as numbers. */
export interface LossNumbers {
  /** Σ weight × loss over the tasks, plus the auxiliary losses. */
  readonly total: number;
  readonly tasks: Readonly<Record<string, number>>;
  readonly auxiliary: Readonly<Record<string, number>>;
}

/**
 * Stacks all losses in one tensor, [tasks + auxiliary + 1], with the total last. An engine then reads them in one transfer.
 *
 * @example namedLosses(stackLosses(lossesOf(model, batch)).dataSync(), model.taskNames, [])
 */
export const stackLosses = ({ tasks, auxiliary, total }: Losses): tf.Tensor1D =>
  tf.stack([...Object.values(tasks), ...Object.values(auxiliary), total]) as tf.Tensor1D;

/**
 * Names the numbers of {@link stackLosses}.
 *
 * @param tasks names of the tasks, in order
 * @param auxiliary names of the auxiliary losses, in order
 * @example namedLosses([0.5, 0.1, 0.6], ['click'], ['load']).total // 0.6
 */
export function namedLosses(
  numbers: ArrayLike<number>,
  tasks: readonly string[],
  auxiliary: readonly string[],
): LossNumbers {
  const named = (names: readonly string[], from: number) =>
    Object.fromEntries(names.map((name, i) => [name, numbers[from + i]!]));
  return { tasks: named(tasks, 0), auxiliary: named(auxiliary, tasks.length), total: numbers[numbers.length - 1]! };
}
