import type { MultiTaskModel, Tasks } from '@polytask/core';
import type { FlatState } from '../optimizers/flat/flat-state.ts';
import type { EnginePasses } from './passes-of-engine.ts';
import { reachedBy } from './reached.ts';
import { INPUT } from './representation.ts';

/**
 * Finds the cut through the network where sharing ends: the last level with an expert that several tasks reach
 * (`levels.1`), or the network's `input` where there is none and tasks have at most embeddings in common. What crosses it,
 * the level's experts' outputs and the lanes that it keeps, is the shared representation: shared experts stand below it,
 * and an expert above it is of one task.
 */
export async function findCut(model: MultiTaskModel<Tasks>, state: FlatState, passes: EnginePasses): Promise<string> {
  const levels = model.network.levels.map(({ experts }) => experts.length);
  if (levels.length === 0) return INPUT;
  const reached = await reachedBy(model, state, passes, 'sharing');
  const isShared = (expert: number) => reached.filter((marks) => marks[expert]).length > 1;
  let [cut, first] = [INPUT, 0];
  levels.forEach((count, l) => {
    if (Array.from({ length: count }, (_, e) => first + e).some(isShared)) cut = `levels.${l}`;
    first += count;
  });
  return cut;
}
