import type { LossObjective } from '@polytask/boosting';
import { groupedTasks, kindOf, logitsOf, lossOf, rowLossOf, type BoostingTarget, type Task } from '@polytask/core';
import { startOf } from '@polytask/core/internal';

/**
 * Whether `boostedTrees` can learn a task: its loss is one of single rows.
 *
 * @example canBoost(binary({ loss: focal() })) // true
 * @example canBoost(binary({ loss: bpr() })) // false
 */
export const canBoost = (task: Task): boolean => task.loss === undefined || groupedTasks({ task }).length === 0; // the loss of a kind may need a fit

export interface TaskTarget extends Omit<BoostingTarget, 'objective'> {
  /** The objective of the kind of task for the loss of the kind, which is faster. Otherwise the loss of the task. */
  readonly objective: BoostingTarget['objective'] | LossObjective;
}

/** Whether all outputs of a task share a loss. With the others, each output has trees for labels of its own. */
export const hasSeveralScores = ({ objective }: TaskTarget): boolean =>
  typeof objective === 'object' ? (objective.outputs ?? 1) > 1 : objective === 'multiclass';

/** What trees learn for a task. */
export function targetOf(name: string, task: Task): TaskTarget {
  const { loss: _, ...plain } = task;
  const [own, loss] = [kindOf(task).boosting, lossOf(task)];
  if (own && JSON.stringify(loss) === JSON.stringify(lossOf(plain))) return own;
  const outputs = logitsOf(name, task);
  return { objective: { loss: rowLossOf(loss, outputs), outputs, start: startOf(task) } };
}
