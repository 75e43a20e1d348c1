import { ple as pleNetwork } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import { linear, range, type Pairing } from '../pairing.ts';
import { impossible, perTaskOf, widthsIn, type Plan } from '../plan.ts';
import { levelExperts, sum, type Architecture } from './architecture.ts';

/** `PLE`: a task's gate has columns for its own experts, then the shared ones; the shared gate, none at the last level, for all. */
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
    return pleNetwork({ levels: levels.map((units) => ({ experts: mlp(units), perTask: perTaskOf(plan), shared })) });
  },

  pairings(plan) {
    const experts = sum(plan.perTask) + plan.shared;
    return [
      ...levelExperts(plan, experts),
      ...plan.levels.flatMap((_, l): Pairing[] =>
        range(plan.tasks + (l < plan.levels.length - 1 ? 1 : 0)).flatMap((member) =>
          linear(
            `mtl_arch.gate_weights.${l}.${member}.0`,
            { path: `levels.${l}.gates`, member, inputDim: widthsIn(plan)[l]!, width: experts },
            columnsOf(plan, member),
          ),
        ),
      ),
    ];
  },
};

/** The experts that a unit's gate sees. */
function columnsOf({ perTask, tasks, shared }: Plan, unit: number): number[] {
  const experts = range(sum(perTask) + shared);
  if (unit === tasks) return experts;
  const from = sum(perTask.slice(0, unit));
  return [...experts.slice(from, from + perTask[unit]!), ...experts.slice(sum(perTask))];
}
