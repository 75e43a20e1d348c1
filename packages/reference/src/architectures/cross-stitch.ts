import { crossStitch as crossStitchNetwork } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import { range, rowOf, type Pairing } from '../pairing.ts';
import { levelExperts, type Architecture } from './architecture.ts';

/** `CrossStitch`. The weight [task, expert] of an `nn.Linear` without bias over the tasks' vectors is W. */
export const crossStitch: Architecture = {
  network: ({ levels }) =>
    crossStitchNetwork({ levels: levels.map((units) => ({ experts: mlp(units) })), init: 'linear' }),

  pairings: (plan) => [
    ...levelExperts(plan, plan.tasks),
    ...plan.levels.map((_, l): Pairing => ({
      name: `mtl_arch.stitchs.${l}.weight`,
      shape: [plan.tasks, plan.tasks],
      runs: range(plan.tasks).map((t) => rowOf(`levels.${l}.gates.weights`, t, plan.tasks)),
    })),
  ],
};
