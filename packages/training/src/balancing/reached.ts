import {
  gatherTables,
  labelsOf,
  emptyBatch,
  groupedTasks,
  madeUpLabel,
  presentParts,
  randomStream,
  type MultiTaskModel,
  type GatheredBatch,
  type Tasks,
} from '@polytask/core';
import type { EnginePasses, FlatState, ParameterPlace } from '../steps/flat-step.ts';

/** The batch size of a test. */
export const REACHED_ROWS = 4;

/** The number of random draws of the parameters. One draw may close a hard gate or deactivate a ReLU. */
const DRAWS = 3;

/**
 * Finds the slices or experts that the loss of each task depends on. The test replaces the parameters by random numbers, as a
 * parameter of 0 would hide gradients, and restores them afterwards. The result is the same for the same model.
 *
 * @param kind `reach` for slices of parameters, `sharing` for experts
 * @returns [T][slices or experts], 1 where a gradient isn't 0
 */
export async function reachedBy(
  model: MultiTaskModel<Tasks>,
  state: FlatState,
  passes: EnginePasses,
  kind: 'reach' | 'sharing',
): Promise<Uint8Array[]> {
  const before = state.parameters.slice();
  let marks: Uint8Array[] = [];
  try {
    for (let draw = 0; draw < DRAWS; draw++) {
      for (const place of state.places) state.parameters.set(randomNumbers(place, draw), place.from);
      for (const { table, shape, optimizer } of state.tables.rows(REACHED_ROWS)) {
        const { parameters } = optimizer;
        parameters.set(randomNumbers({ name: table.name, shape, size: parameters.length }, draw));
      }
      passes.changed();
      const gradients = (await passes.begin(randomBatch(model, draw, state)).run(kind))[kind]!;
      const count = gradients.length / model.taskNames.length;
      marks = model.taskNames.map((_, t) =>
        Uint8Array.from({ length: count }, (__, i) => Number(marks[t]?.[i] === 1 || gradients[t * count + i] !== 0)),
      );
    }
  } finally {
    state.parameters.set(before);
    passes.changed();
  }
  return marks;
}

/** Random parameters that keep activations near 1, where no activation saturates. */
function randomNumbers({ name, shape, size }: Omit<ParameterPlace, 'from'>, draw: number): Float32Array {
  const fan = shape.length > 1 ? shape.at(-2)! : 4;
  const most = Math.min(0.9, Math.sqrt(3 / fan));
  return randomStream(0, `reach.${name}.${draw}`).uniform(size, -most, most);
}

/** A batch of random rows with a label for each task. All ids are 0, the first gathered row. */
function randomBatch(model: MultiTaskModel<Tasks>, draw: number, state: FlatState): GatheredBatch {
  const batch = emptyBatch(REACHED_ROWS, model.layout, model.taskNames);
  for (const { name, dtype } of presentParts(model.layout)) {
    if (dtype === 'float32') batch[name].set(randomStream(0, `reach.rows.${draw}`).normal(batch[name].length));
  }
  batch.weights.fill(1);
  for (const task of groupedTasks(model.schema.tasks))
    // such a loss compares rows with different labels
    labelsOf(batch, task).labels.forEach(
      (_, row, labels) => (labels[row] = madeUpLabel(model.schema.tasks[task]!, (row % 2) - 0.5)),
    );
  const groups = new Int32Array(REACHED_ROWS); // all rows are one group
  const rows = new Map(
    state.tables
      .rows(REACHED_ROWS)
      .map(({ table, shape, optimizer: { parameters } }) => [table, { shape, data: parameters }]),
  );
  return gatherTables({ ...batch, groups }, [...rows.keys()], (table) => rows.get(table)!);
}
