import { fail, type MultiTaskModel, type Tasks } from '@polytask/core';
import type { FlatState } from '../optimizers/flat/flat-state.ts';
import type { EnginePasses } from './pass-contract.ts';
import { reachedBy } from './reached.ts';
import { INPUT } from './representation.ts';
import type { SharedParts } from './shared-parts.ts';

/**
 * Finds the cut through the network where sharing ends: the last level with an expert that several tasks reach
 * (`levels.1`), or the network's `input` where there is none and tasks have at most embeddings in common. What crosses it,
 * the level's experts' outputs and the lanes that it keeps, is the shared representation: shared experts stand below it,
 * and an expert above it is of one task.
 *
 * @throws PolytaskError when parameters that several tasks share stand above it: experts that each task runs on its own lane
 */
export async function findCut(
  model: MultiTaskModel<Tasks>,
  state: FlatState,
  passes: EnginePasses,
  { shared }: SharedParts,
): Promise<string> {
  const levels = model.network.levels.map(({ experts }) => experts.length);
  if (levels.length === 0) return INPUT;
  const reached = await reachedBy(model, state, passes, 'sharing');
  const isShared = (expert: number) => reached.filter((marks) => marks[expert]).length > 1;
  let [cut, first, above] = [INPUT, 0, 0];
  levels.forEach((count, l) => {
    if (Array.from({ length: count }, (_, e) => first + e).some(isShared)) [cut, above] = [`levels.${l}`, l + 1];
    first += count;
  });
  const isPart = ({ from, size }: { from: number; size: number }) =>
    shared.some((part) => part.from < from + size && from < part.from + part.size);
  const names = state.places.filter(isPart).map(({ name }) => name);
  const apart = model.network.levels
    .slice(above)
    .find(({ expertsPath }) => names.some((name) => name.startsWith(`${expertsPath}.`)));
  if (apart) {
    fail({
      expected: 'experts that tasks share to give all of them one output, for gradients at the representation',
      received: `"${apart.expertsPath}", which each task runs on a lane of its own`,
      mend: "Balance with of: 'parameters'.",
    });
  }
  return cut;
}
