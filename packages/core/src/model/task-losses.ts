import * as tf from '@tensorflow/tfjs-core';
import { fail, shown } from '../errors/errors.ts';
import type { BatchTensors } from '../features/batch-tensors.ts';
import { unstack } from '../layers/members.ts';
import { taskLoss } from '../tasks/losses.ts';
import type { Task, Tasks } from '../tasks/tasks.ts';
import type { Losses } from './model.ts';

/** The tasks' losses, and their weighted sum Σ weight × loss. */
export interface TaskLosses<T extends Tasks> {
  readonly tasks: Readonly<Record<keyof T & string, tf.Scalar>>;
  readonly total: tf.Scalar;
}

/**
 * Computes the losses of all tasks. Tasks with the same loss formula are stacked and computed together.
 *
 * @param batch labels and weights, [tasks, batch] in the order of `tasks`
 * @throws PolytaskError when the labels have another number of tasks
 */
export function taskLosses<T extends Tasks>(
  tasks: T,
  logits: Readonly<Record<keyof T & string, tf.Tensor2D>>,
  { labels, weights }: Pick<BatchTensors, 'labels' | 'weights'>,
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
  for (const names of byFormula(tasks, logits)) {
    const stacked = tf.stack(names.map((name) => logits[name]!));
    const places = names.map((name) => all.indexOf(name));
    const group = taskLoss(tasks[names[0]!]!, stacked, rowsOf(labels, places), rowsOf(weights, places)); // [names]
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

/** Groups the names of tasks with the same loss formula. Tasks of a group differ at most in weight and label column. */
function byFormula<T extends Tasks>(tasks: T, logits: Readonly<Record<string, tf.Tensor2D>>): string[][] {
  const groups = new Map<string, string[]>();
  for (const [name, task] of Object.entries(tasks)) {
    const key = `${logits[name]!.shape[1]} ${formulaOf(task)}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()];
}

function formulaOf(task: Task): string {
  switch (task.kind) {
    case 'binary':
      return `binary ${task.positiveWeight ?? 1}`;
    case 'multiclass':
      return 'multiclass';
    case 'regression':
      return `regression ${task.loss ?? 'squared'}`;
  }
}

/** Throws unless every auxiliary loss has a finite weight of 0 or more. */
export function checkAuxiliary(weights: Readonly<Record<string, number>> | undefined): void {
  for (const [name, weight] of Object.entries(weights ?? {})) {
    if (Number.isFinite(weight) && weight >= 0) continue;
    fail({
      expected: `a weight of zero or more for the auxiliary loss "${name}"`,
      received: shown(weight),
      mend: 'With 0 it is shown as 0 and trains nothing.',
    });
  }
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
 * @example namedLosses(stackLosses(model.losses(batch)).dataSync(), model.taskNames, [])
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
