import type { MultiTaskModel, Tasks } from '@polytask/core';
import type { EnginePasses, FlatState, Part } from '../steps/flat-step.ts';
import { REACHED_ROWS, reachedBy } from './reached.ts';

/** The parameters that tasks share, and the parameters of one task alone. */
export interface SharedParts {
  /** The parameters of several tasks, or of no task, in the order of the parameters. */
  readonly shared: readonly Part[];
  /** The count of all numbers in `shared`. */
  readonly sharedSize: number;
  /** The parameters of one task, such as a tower in a bank or a row of a gate. */
  readonly own: readonly (Part & { readonly task: number })[];
  /** For each table that is trained by rows: the task that alone reads it, or undefined. */
  readonly tables: readonly (number | undefined)[];
}

/** For balancers of losses, which don't need the parts. */
export const NO_PARTS: SharedParts = { shared: [], sharedSize: 0, own: [], tables: [] };

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
  const parts: { from: number; size: number; task: number | undefined }[] = [];
  let [from, slice] = [0, 0];
  const tasksAt = (at: number) => marksByTask.flatMap((marks, t) => (marks[at] ? [t] : []));
  const ownerAt = (at: number) => (tasksAt(at).length === 1 ? tasksAt(at)[0] : undefined);
  for (const { size, shape } of state.places) {
    const sliceSize = size / (shape[0] ?? 1);
    for (const end = from + size; from < end; slice++, from += sliceSize) {
      const task = ownerAt(slice);
      const last = parts.at(-1); // neighboring slices of the same task become one part
      if (last && last.task === task) last.size += sliceSize;
      else parts.push({ from, size: sliceSize, task });
    }
  }
  const tables = state.tables.rows(REACHED_ROWS).map(({ shape }) => {
    const owner = ownerAt(slice); // all ids of the random batch are 0, which is the first gathered row
    slice += shape[0];
    return owner;
  });
  return { ...divided(parts), tables };
}

/** The parts of a batch: the gathered rows of tables come after the parameters. */
export function withTables(parts: SharedParts, state: FlatState, batchSize: number): SharedParts {
  const { shared, sharedSize, own, tables } = parts;
  if (tables.length === 0) return parts;
  let from = state.parameters.length;
  const rows = state.tables.rows(batchSize).map(({ optimizer: { parameters } }, t) => {
    const part = { from, size: parameters.length, task: tables[t] };
    from += part.size;
    return part;
  });
  const ofTables = divided(rows);
  return {
    shared: [...shared, ...ofTables.shared],
    sharedSize: sharedSize + ofTables.sharedSize,
    own: [...own, ...ofTables.own],
    tables,
  };
}

type OwnedPart = Part & { readonly task: number | undefined };

function divided(parts: readonly OwnedPart[]): Pick<SharedParts, 'shared' | 'sharedSize' | 'own'> {
  const shared = parts.filter(({ task }) => task === undefined).map(({ from, size }) => ({ from, size }));
  const own = parts.flatMap(({ from, size, task }) => (task === undefined ? [] : [{ from, size, task }]));
  return { shared, sharedSize: shared.reduce((sum, { size }) => sum + size, 0), own };
}
