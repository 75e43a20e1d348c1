import { emptyBatch, presentParts, randomStream, type Batch, type MultiTaskModel, type Tasks } from '@polytask/core';
import type { FlatState, ParameterPlace } from '../optimizers/flat/flat-state.ts';
import type { EnginePasses } from './pass-contract.ts';

const ROWS = 4;

/** A hard gate may be shut, a unit dead: what several draws of the parameters don't reach isn't there. */
const DRAWS = 3;

/**
 * What each task's loss reaches, [T][numbers of the pass]: 1 where its gradient isn't 0. The parameters have random numbers
 * meanwhile, so that one that starts at 0 hides nothing; afterwards they have their own again. The same model always
 * reaches the same.
 *
 * @param kind `reach`: slices of parameters; `sharing`: experts
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
      passes.changed();
      const found = (await passes.begin(probe(model, draw)).run(kind))[kind]!;
      const count = found.length / model.taskNames.length;
      marks = model.taskNames.map((_, t) =>
        Uint8Array.from({ length: count }, (__, i) => Number(marks[t]?.[i] === 1 || found[t * count + i] !== 0)),
      );
    }
  } finally {
    state.parameters.set(before);
    passes.changed();
  }
  return marks;
}

/** Numbers that keep activations near 1, where nothing saturates. */
function randomNumbers({ name, shape, size }: ParameterPlace, draw: number): Float32Array {
  const fan = shape.length > 1 ? shape.at(-2)! : 4;
  const most = Math.min(0.9, Math.sqrt(3 / fan));
  return randomStream(0, `reach.${name}.${draw}`).uniform(size, -most, most);
}

/** Rows in which every task has a label. */
function probe(model: MultiTaskModel<Tasks>, draw: number): Batch {
  const batch = emptyBatch(ROWS, model.layout, model.taskNames);
  for (const { name, dtype } of presentParts(model.layout)) {
    if (dtype === 'float32') batch[name].set(randomStream(0, `reach.rows.${draw}`).normal(batch[name].length));
  }
  for (const task of model.taskNames) batch.weights[task]!.fill(1);
  return batch;
}
