import { ple as pleNetwork } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import { range } from '../pairing.ts';
import { impossible, perTaskOf, type Plan } from '../plan.ts';
import { levelExperts, sum, unitGates, type Architecture } from './architecture.ts';

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
    return pleNetwork({ levels: levels.map((units) => ({ experts: mlp(units), perTask: perTaskOf(plan), shared })) });
  },

  pairings(plan) {
    const experts = sum(plan.perTask) + plan.shared;
    const columns = (unit: number) => columnsOf(plan, unit);
    return [...levelExperts(plan, experts), ...unitGates(plan, experts, { path: 'gates', shared: true, columns })];
  },
};

/** The experts that a unit's gate sees. */
function columnsOf({ perTask, tasks, shared }: Plan, unit: number): number[] {
  const experts = range(sum(perTask) + shared);
  if (unit === tasks) return experts;
  const from = sum(perTask.slice(0, unit));
  return [...experts.slice(from, from + perTask[unit]!), ...experts.slice(sum(perTask))];
}
