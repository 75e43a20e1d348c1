import { mmoe as mmoeNetwork } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import { softmaxGate } from '@polytask/gating';
import { linear, mlpLayers, range, type Pairing } from '../pairing.ts';
import { impossible } from '../plan.ts';
import { levelExperts, type Architecture } from './architecture.ts';

/** `MLMMoE`. Gates read the network's input at every level. There is one for each expert of the next level, or for each task. */
export const mmoe: Architecture = {
  network(plan) {
    const pool = plan.shared;
    if (pool === 0)
      impossible(plan, 'num_shared_experts, which are its experts, 1 or more,', '0', 'there is nothing to stack');
    const gate = (l: number) => {
      const hidden = plan.gates[l]!;
      return hidden.length > 0 ? { gate: softmaxGate({ reads: 'raw', hidden }) } : {};
    };
    return mmoeNetwork({ levels: plan.levels.map((units, l) => ({ experts: mlp(units), pool, ...gate(l) })) });
  },

  pairings(plan) {
    const { inputDim, shared: pool, tasks, levels } = plan;
    const unitsOf = (l: number) => range(l < levels.length - 1 ? pool : tasks);
    return [
      ...levelExperts(plan, pool),
      ...levels.flatMap((_, l): Pairing[] => {
        const hidden = plan.gates[l]!;
        const path = `levels.${l}.gates`;
        return unitsOf(l).flatMap((member) => {
          const name = `mtl_arch.gates.${l}.${member}`;
          return [
            ...mlpLayers(`${name}.0`, (layer) => `${path}.hidden${layer}`, member, inputDim, hidden),
            ...linear(`${name}.1`, { path, member, inputDim: hidden.at(-1) ?? inputDim, width: pool }),
          ];
        });
      }),
    ];
  },
};
