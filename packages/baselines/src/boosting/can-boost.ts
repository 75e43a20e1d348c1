import { kindOf, lossOf, type Task } from '@polytask/core';

/**
 * Whether `boostedTrees` can learn a task: trees know its kind, and its loss is that of the kind.
 *
 * @example canBoost(binary()) // true
 * @example canBoost(binary({ loss: focal() })) // false
 */
export function canBoost(task: Task): boolean {
  const { loss: _, ...plain } = task;
  return kindOf(task).boosting !== undefined && JSON.stringify(lossOf(task)) === JSON.stringify(lossOf(plain));
}
