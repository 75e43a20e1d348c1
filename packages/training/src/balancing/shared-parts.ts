import type { MultiTaskModel, Tasks } from '@polytask/core';
import type { FlatState } from '../optimizers/flat/flat-state.ts';
import type { EnginePasses, Part } from './pass-contract.ts';
import { reachedBy } from './reached.ts';

/** Which parameters tasks share, and which one task has to itself. */
export interface SharedParts {
  /** Reached by several tasks, or by none in particular; in the order of the parameters. */
  readonly shared: readonly Part[];
  /** How many numbers those are. */
  readonly sharedSize: number;
  /** Reached by one task alone: a member of a bank of towers, a gate's row. */
  readonly own: readonly (Part & { readonly task: number })[];
}

/** Where nobody asks. */
export const NO_PARTS: SharedParts = { shared: [], sharedSize: 0, own: [] };

/**
 * Finds the shared parameters from the model itself: which tasks' losses give a slice of a parameter, along its first
 * side, a gradient, whatever numbers the parameters have.
 */
export async function findSharedParts(
  model: MultiTaskModel<Tasks>,
  state: FlatState,
  passes: EnginePasses,
): Promise<SharedParts> {
  const slices = state.places.map(({ shape }) => shape[0] ?? 1);
  return partsOf(
    state.places.map(({ size }) => size),
    slices,
    await reachedBy(model, state, passes, 'reach'),
  );
}

/** Neighboring slices of one kind become one part. */
function partsOf(sizes: readonly number[], slices: readonly number[], reached: readonly Uint8Array[]): SharedParts {
  const parts: { from: number; size: number; task: number }[] = [];
  let [from, slice] = [0, 0];
  sizes.forEach((size, i) => {
    const each = size / slices[i]!;
    for (let s = 0; s < slices[i]!; s++, slice++, from += each) {
      const tasks = reached.flatMap((marks, t) => (marks[slice] ? [t] : []));
      const task = tasks.length === 1 ? tasks[0]! : -1;
      const last = parts.at(-1);
      if (last?.task === task) last.size += each;
      else parts.push({ from, size: each, task });
    }
  });
  const shared = parts.filter(({ task }) => task < 0).map((part) => ({ from: part.from, size: part.size }));
  return {
    shared,
    sharedSize: shared.reduce((sum, { size }) => sum + size, 0),
    own: parts.filter(({ task }) => task >= 0),
  };
}
