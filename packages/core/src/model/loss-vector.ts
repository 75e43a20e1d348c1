import * as tf from '@tensorflow/tfjs';
import type { Losses } from './model.ts';

/** A step's losses as numbers. */
export interface LossNumbers {
  /** Σ weight × loss over tasks, and the auxiliary losses. */
  readonly total: number;
  readonly tasks: Readonly<Record<string, number>>;
  readonly auxiliary: Readonly<Record<string, number>>;
}

/** All losses in one tensor, [tasks + auxiliary + 1], the total last: an engine reads them at once. */
export const stackLosses = ({ tasks, auxiliary, total }: Losses): tf.Tensor1D =>
  tf.stack([...Object.values(tasks), ...Object.values(auxiliary), total]) as tf.Tensor1D;

/**
 * The numbers of {@link stackLosses} by name.
 *
 * @param auxiliary names of the losses that the model adds, in their order
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
