import { ARCHITECTURES } from './architectures/architectures.ts';
import { linear, mlpLayers, range, type Pairing } from './pairing.ts';
import type { Plan } from './plan.ts';

/** Every tensor of the library's state dict, in its order, with its place in the Polytask model. */
export const pairingsOf = (plan: Plan): Pairing[] => [
  ...ARCHITECTURES[plan.model].pairings(plan),
  ...taskModules(plan),
];

/** `task_modules.TASK`: the tower, then a linear head. */
function taskModules({ levels, tasks, tower }: Plan): Pairing[] {
  const inputDim = levels.at(-1)!.at(-1)!;
  const headDim = tower.at(-1) ?? inputDim;
  return range(tasks).flatMap((task) => [
    ...mlpLayers(`task_modules.${task}.0`, 'towers', task, inputDim, tower),
    ...linear(`task_modules.${task}.1`, { path: 'heads', member: task, inputDim: headDim, width: 1 }),
  ]);
}
