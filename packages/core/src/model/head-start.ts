import type { Initializer } from '../parameters/initializers.ts';
import { kindOf } from '../tasks/task-kind.ts';
import type { Task } from '../tasks/tasks.ts';

/**
 * The initial bias of a task's head.
 *
 * - `base-rate`: the best constant prediction for the training rows: the share of yes, the shares of the classes, or the
 *   mean. Training then needs no steps to learn that a task is rare. A task that was not fitted starts as with `random`.
 * - `random`: U(±1/√inputs), as in PyTorch's `nn.Linear`.
 */
export type HeadStart = 'base-rate' | 'random';

/**
 * The initializer of the biases of a bank of heads.
 *
 * @param tasks the tasks of the bank's members
 * @param otherwise the initializer for a task that was not fitted
 */
export const baseRateBias =
  (tasks: readonly Task[], otherwise: Initializer): Initializer =>
  (shape, random, member) => {
    const task = tasks[member]!;
    const logits = kindOf(task).start(task);
    return logits ? Float32Array.from(logits) : otherwise(shape, random, member);
  };
