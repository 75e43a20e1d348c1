import { emptyBatch, randomStream, type Batch, type MultiTaskModel, type Tasks } from '@polytask/core';
import type { FlatState, ParameterPlace } from '../optimizers/flat/flat-state.ts';
import type { EnginePasses } from './passes-of-engine.ts';

/** A run of numbers in all trained parameters, end to end. */
export interface Part {
  readonly from: number;
  readonly size: number;
}

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

const ROWS = 4;

/** A hard gate may be shut, a unit dead: what several draws of the parameters don't reach isn't there. */
const DRAWS = 3;

/**
 * Finds the shared parameters from the model itself: which tasks' losses give a slice of a parameter, along its first
 * side, a gradient. The parameters have random numbers meanwhile, so that one that starts at 0 hides nothing; afterwards
 * they have their own again. The same model always gives the same parts.
 */
export async function findSharedParts(model: MultiTaskModel<Tasks>, state: FlatState, passes: EnginePasses): Promise<SharedParts> {
  const before = state.parameters.slice();
  const slices = state.places.map(({ shape }) => shape[0] ?? 1);
  const count = slices.reduce((sum, each) => sum + each, 0);
  const reached = model.taskNames.map(() => new Uint8Array(count));
  try {
    for (let draw = 0; draw < DRAWS; draw++) {
      for (const place of state.places) state.parameters.set(randomNumbers(place, draw), place.from);
      passes.changed();
      const { reach } = await passes.begin(probe(model, draw)).run('reach');
      reached.forEach((marks, t) => marks.forEach((mark, s) => (marks[s] = Number(mark === 1 || reach![t * count + s] !== 0))));
    }
  } finally {
    state.parameters.set(before);
    passes.changed();
  }
  return partsOf(state.places.map(({ size }) => size), slices, reached);
}

/** Numbers that keep activations near 1, where nothing saturates. */
function randomNumbers({ name, shape, size }: ParameterPlace, draw: number): Float32Array {
  const fan = shape.length > 1 ? shape.at(-2)! : 4;
  const most = Math.min(0.9, Math.sqrt(3 / fan));
  return randomStream(0, `reach.${name}.${draw}`).uniform(size, -most, most);
}

/** Rows in which every task has a label. */
function probe(model: MultiTaskModel<Tasks>, draw: number): Batch {
  const batch = emptyBatch(ROWS, model.layout);
  batch.numeric.set(randomStream(0, `reach.rows.${draw}`).normal(batch.numeric.length));
  batch.bagWeights.fill(1);
  const column = (value: number) => Object.fromEntries(model.taskNames.map((task) => [task, new Float32Array(ROWS).fill(value)]));
  return { ...batch, labels: column(0), weights: column(1) };
}

/** Neighbouring slices of one kind become one part. */
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
  return { shared, sharedSize: shared.reduce((sum, { size }) => sum + size, 0), own: parts.filter(({ task }) => task >= 0) };
}
