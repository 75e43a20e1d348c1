import { sum } from '@polytask/components';
import * as baselines from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import { softmaxGate } from '@polytask/gating';
import { linear, mlpLayers, range, rowOf, type Pairing } from '../pairing.ts';
import { impossible, perTaskOf, type Plan } from '../plan.ts';
import { levelExperts, unitGates, type Architecture } from './architecture.ts';

/** `SharedBottom`. The layers of all levels are one MLP. */
export const sharedBottom: Architecture = {
  network: ({ levels }) => baselines.sharedBottom({ levels: levels.map((units) => ({ experts: mlp(units) })) }),

  pairings({ inputDim, levels }) {
    const paths = levels.flatMap((units, l) => units.map((_, d) => `levels.${l}.experts.${d}`));
    return mlpLayers('mtl_arch.bottom_projection', (layer) => paths[layer]!, 0, inputDim, levels.flat());
  },
};

/** `CrossStitch`. The weight [task, expert] of an `nn.Linear` without bias over the tasks' vectors is W. */
export const crossStitch: Architecture = {
  network: ({ levels }) =>
    baselines.crossStitch({ levels: levels.map((units) => ({ experts: mlp(units) })), start: 'linear' }),

  pairings: (plan) => [
    ...levelExperts(plan, plan.tasks),
    ...plan.levels.map((_, l): Pairing => ({
      name: `mtl_arch.stitchs.${l}.weight`,
      shape: [plan.tasks, plan.tasks],
      runs: range(plan.tasks).map((t) => rowOf(`levels.${l}.gates.weights`, t, plan.tasks)),
    })),
  ],
};

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
    return baselines.mmoe({ levels: plan.levels.map((units, l) => ({ experts: mlp(units), pool, ...gate(l) })) });
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

/**
 * `PLE`. A task's gate has columns for the task's own experts, then for the shared experts. The shared unit's gate has columns
 * for all experts, and is missing at the last level.
 */
export const ple: Architecture = {
  network(plan) {
    if (plan.shared === 0) {
      impossible(
        plan,
        'num_shared_experts, 1 or more,',
        '0',
        'its slice of the last 0 experts is a slice of all of them, which fits no gate',
      );
    }
    if (!plan.listed && plan.perTask[0] === 0) {
      impossible(plan, 'num_task_experts, 1 or more,', '0', 'it divides by that number; a list of zeros it can run');
    }
    const { levels, shared } = plan;
    return baselines.ple({
      levels: levels.map((units) => ({ experts: mlp(units), perTask: perTaskOf(plan), shared })),
    });
  },

  pairings(plan) {
    const experts = sum(plan.perTask) + plan.shared;
    const columns = (unit: number) => columnsOf(plan, unit);
    return [...levelExperts(plan, experts), ...unitGates(plan, experts, { path: 'gates', shared: true, columns })];
  },
};

function columnsOf({ perTask, tasks, shared }: Plan, unit: number): number[] {
  const experts = range(sum(perTask) + shared);
  if (unit === tasks) return experts;
  const from = sum(perTask.slice(0, unit));
  return [...experts.slice(from, from + perTask[unit]!), ...experts.slice(sum(perTask))];
}
