import type { ReferenceConfiguration } from '../configuration.ts';
import { linear, mlpLayers, range, type Pairing } from '../pairing.ts';
import type { Plan } from '../plan.ts';
import { adattGeneral, adattSp } from './adatt.ts';
import type { Architecture } from './architecture.ts';
import { crossStitch, mmoe, ple, sharedBottom } from './baselines.ts';

export const ARCHITECTURES: Readonly<Record<ReferenceConfiguration['model'], Architecture>> = {
  att_sp: adattSp,
  att_g: adattGeneral,
  ple,
  mmoe,
  cross_st: crossStitch,
  share_bottom: sharedBottom,
};

/** Every tensor of the library's state dict, in the dict's order, with its place in the Polytask model. */
export const pairingsOf = (plan: Plan): Pairing[] => [
  ...ARCHITECTURES[plan.model].pairings(plan),
  ...taskModules(plan),
];

/** The tensors of `task_modules.TASK`: the tower and a linear head. */
function taskModules({ levels, tasks, tower }: Plan): Pairing[] {
  const inputDim = levels.at(-1)!.at(-1)!;
  const headDim = tower.at(-1) ?? inputDim;
  return range(tasks).flatMap((task) => [
    ...mlpLayers(`task_modules.${task}.0`, (layer) => `towers.${layer}`, task, inputDim, tower),
    ...linear(`task_modules.${task}.1`, { path: 'heads', member: task, inputDim: headDim, width: 1 }),
  ]);
}
