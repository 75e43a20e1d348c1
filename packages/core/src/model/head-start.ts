import type { Initializer } from '../parameters/initializers.ts';
import type { Task } from '../tasks/tasks.ts';

/**
 * The initial bias of a task's head.
 *
 * - `base-rate`: the best constant prediction for the training rows: the share of yes, the shares of the classes, or the
 *   mean. Training then needs no steps to learn that a task is rare. A task that was not fitted starts as with `random`.
 * - `random`: U(±1/√inputs), as in PyTorch's `nn.Linear`.
 */
export type HeadStart = 'base-rate' | 'random';

/** The least distance of a share from 0 and 1. Without it, a class without rows would start at −∞. */
const LEAST = 1e-5;

/**
 * The logits whose predictions are the base rates of a fitted task.
 *
 * @returns one logit, or one per class; undefined when the task was not fitted
 * @example baseRateLogits({ kind: 'binary', fitted: { rate: 0.5 } }) // [0]
 */
export function baseRateLogits(task: Task): readonly number[] | undefined {
  if (!task.fitted) return undefined;
  switch (task.kind) {
    case 'binary': {
      const rate = Math.min(1 - LEAST, Math.max(LEAST, task.fitted.rate));
      return [Math.log(rate / (1 - rate)) + Math.log(Math.max(LEAST, task.positiveWeight ?? 1))];
    }
    case 'multiclass':
      return task.fitted.shares.map((share) => Math.log(Math.max(LEAST, share)));
    case 'regression':
      return [0]; // the mean of standardized labels
  }
}

/**
 * The initializer of the biases of a bank of heads.
 *
 * @param tasks the tasks of the bank's members
 * @param otherwise the initializer for a task that was not fitted
 */
export const baseRateBias =
  (tasks: readonly Task[], otherwise: Initializer): Initializer =>
  (shape, random, member) => {
    const logits = baseRateLogits(tasks[member]!);
    return logits ? Float32Array.from(logits) : otherwise(shape, random, member);
  };
