import type { Initializer } from '../parameters/initializers.ts';
import type { Task } from '../tasks/tasks.ts';

/**
 * How the bias of a task's head starts.
 *
 * - `base-rate`: the best constant prediction, by what a schema's fit found in the training rows: the share of yes, the
 *   shares of the classes, the mean. Training then needs no steps to find out that a task is rare. A task that wasn't fitted
 *   starts as with `random`.
 * - `random`: U(±1/√inputs), as PyTorch's `nn.Linear`.
 */
export type HeadStart = 'base-rate' | 'random';

/** Shares nearer to 0 or 1 than this start no further out: a class without a row mustn't start at −∞. */
const LEAST = 1e-5;

/** The logits whose probabilities are the base rates, by task; undefined of one that wasn't fitted. */
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
 * The initializer of a bank of heads.
 *
 * @param tasks the bank's members
 * @param otherwise of a task that wasn't fitted
 */
export const baseRateBias =
  (tasks: readonly Task[], otherwise: Initializer): Initializer =>
  (shape, random, member) => {
    const logits = baseRateLogits(tasks[member]!);
    return logits ? Float32Array.from(logits) : otherwise(shape, random, member);
  };
