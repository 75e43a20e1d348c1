import type { MultiTaskModel, Tasks } from '@polytask/core';
import type { FlatState } from '../optimizers/flat/flat-state.ts';
import type { EnginePasses, Part } from './pass-contract.ts';
import { reachedBy } from './reached.ts';

/** The parameters that tasks share, and the parameters of one task alone. */
export interface SharedParts {
  /** The parameters of several tasks, or of no task, in the order of the parameters. */
  readonly shared: readonly Part[];
  /** The count of all numbers in `shared`. */
  readonly sharedSize: number;
  /** The parameters of one task, such as a tower in a bank or a row of a gate. */
  readonly own: readonly (Part & { readonly task: number })[];
}

/** For balancers of losses, which don't need the parts. */
export const NO_PARTS: SharedParts = { shared: [], sharedSize: 0, own: [] };

/**
 * Finds the shared parameters of a model. A slice of a parameter, along its first dimension, is shared when several tasks have
 * a gradient there.
 */
export async function findSharedParts(
  model: MultiTaskModel<Tasks>,
  state: FlatState,
  passes: EnginePasses,
): Promise<SharedParts> {
  const marksByTask = await reachedBy(model, state, passes, 'reach');
  const parts: { from: number; size: number; task: number }[] = [];
  let [from, slice] = [0, 0];
  for (const { size, shape } of state.places) {
    const sliceSize = size / (shape[0] ?? 1);
    for (const end = from + size; from < end; slice++, from += sliceSize) {
      const tasks = marksByTask.flatMap((marks, t) => (marks[slice] ? [t] : []));
      const task = tasks.length === 1 ? tasks[0]! : -1;
      const last = parts.at(-1); // neighboring slices of the same task become one part
      if (last?.task === task) last.size += sliceSize;
      else parts.push({ from, size: sliceSize, task });
    }
  }
  const shared = parts.filter(({ task }) => task < 0).map((part) => ({ from: part.from, size: part.size }));
  return {
    shared,
    sharedSize: shared.reduce((sum, { size }) => sum + size, 0),
    own: parts.filter(({ task }) => task >= 0),
  };
}
