import type { Task } from '@polytask/core';
import type { Warning } from './warning.ts';

/** What the test rows showed of a task. */
export interface TestedTask {
  readonly task: string;
  readonly kind: Task['kind'];
  /** Of the test rows that have a label. */
  readonly labels: ArrayLike<number>;
  /** NE, log loss over the entropy of the class shares, or RMSE over the labels' deviation; undefined where nobody measured it. */
  readonly relativeError: number | undefined;
}

/**
 * Looks for test scores that no model needs features for: those of a task that is predicted no better than by its base rate
 * or its mean. And for a binary task whose test labels are all the same, which has neither AUC nor NE.
 */
export const scoreGuards = (tasks: readonly TestedTask[]): Warning[] =>
  tasks.flatMap((tested) => [...constantGuard(tested), ...classGuard(tested)]);

function constantGuard({ task, kind, relativeError = NaN }: TestedTask): Warning[] {
  if (!(relativeError >= 1)) return [];
  const { constant, shown } = CONSTANTS[kind];
  return [
    {
      guard: 'worse than a constant',
      task,
      message: `Task ${task}: worse than predicting the ${constant} (${shown(relativeError.toPrecision(3))}).`,
    },
  ];
}

/** The best constant prediction of each kind of task, and how the error beside it is written. */
const CONSTANTS: Readonly<
  Record<Task['kind'], { readonly constant: string; readonly shown: (value: string) => string }>
> = {
  binary: { constant: 'base rate', shown: (value) => `NE ${value}` },
  multiclass: { constant: 'class shares', shown: (value) => `log loss ${value} times their entropy` },
  regression: { constant: 'mean', shown: (value) => `RMSE ${value} times the deviation` },
};

function classGuard({ task, kind, labels }: TestedTask): Warning[] {
  if (kind !== 'binary') return [];
  for (let row = 1; row < labels.length; row++) if (labels[row] !== labels[0]) return [];
  const found = labels.length === 0 ? 'no label' : 'only one class';
  return [
    {
      guard: 'one class',
      task,
      message: `The test rows have ${found} of task ${task}: its AUC and NE aren't defined.`,
    },
  ];
}
