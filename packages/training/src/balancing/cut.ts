import { fail, type MultiTaskModel, type Tasks } from '@polytask/core';
import type { EnginePasses, FlatState } from '../steps/flat-step.ts';
import { reachedBy } from './reached.ts';
import { INPUT } from './representation.ts';
import type { SharedParts } from './shared-parts.ts';

/**
 * Finds the cut through the network where sharing ends. The cut is the last level with an expert that several tasks reach, such
 * as `levels.1`. Without such a level, the cut is the `input` of the network. The values at the cut are the shared
 * representation: the outputs of the level's experts, and the lanes that the level keeps.
 *
 * @throws PolytaskError when tasks share parameters above the cut, such as experts that each task runs on its own lane
 */
export async function findCut(
  model: MultiTaskModel<Tasks>,
  state: FlatState,
  passes: EnginePasses,
  { shared }: SharedParts,
): Promise<string> {
  const levels = model.network.levels.map(({ experts }) => experts.length);
  if (levels.length === 0) return INPUT;
  const marksByTask = await reachedBy(model, state, passes, 'sharing');
  const isShared = (expert: number) => marksByTask.filter((marks) => marks[expert]).length > 1;
  let [cut, firstExpert, above] = [INPUT, 0, 0];
  levels.forEach((count, l) => {
    if (Array.from({ length: count }, (_, e) => firstExpert + e).some(isShared)) [cut, above] = [`levels.${l}`, l + 1];
    firstExpert += count;
  });
  const isPart = ({ from, size }: { from: number; size: number }) =>
    shared.some((part) => part.from < from + size && from < part.from + part.size);
  const names = state.places.filter(isPart).map(({ name }) => name);
  const separateLevel = model.network.levels
    .slice(above)
    .find(({ expertsPath }) => names.some((name) => name.startsWith(`${expertsPath}.`)));
  if (separateLevel) {
    fail({
      expected: 'experts that tasks share to give all of them one output, for gradients at the representation',
      received: `"${separateLevel.expertsPath}", which each task runs on a lane of its own`,
      mend: "Balance with of: 'parameters'.",
    });
  }
  return cut;
}
