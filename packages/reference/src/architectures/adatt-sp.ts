import { adatt } from '@polytask/adatt';
import { mlp } from '@polytask/experts';
import { range, rowOf, type Pairing } from '../pairing.ts';
import { impossible, perTaskOf } from '../plan.ts';
import { gatesOfAdatt, levelExperts, sum, unitGates, type Architecture } from './architecture.ts';

/** `AdaTTSp`. Each level has native weights [task, expert], unless each task has one expert. */
export const adattSp: Architecture = {
  network(plan) {
    if (plan.listed) {
      impossible(
        plan,
        'one number for num_task_experts',
        JSON.stringify(plan.perTask),
        'AdaTTSp multiplies it by the number of tasks; att_g takes a list',
      );
    }
    if (plan.perTask[0] === 0) impossible(plan, 'num_task_experts, 1 or more,', '0', 'there is nothing to stack');
    const perTask = perTaskOf(plan);
    return adatt({ levels: plan.levels.map((units) => ({ experts: mlp(units), perTask })), residual: plan.residual });
  },

  pairings(plan) {
    const experts = sum(plan.perTask);
    const each = plan.perTask[0]!;
    const native = plan.residual && each > 1 ? plan.levels : [];
    return [
      ...levelExperts(plan, experts),
      ...unitGates(plan, experts, { path: gatesOfAdatt(plan), shared: false }),
      ...native.map((_, l): Pairing => ({
        name: `mtl_arch.self_exp_weights.${l}`,
        shape: [plan.tasks, each],
        runs: range(plan.tasks).map((t) => rowOf(`levels.${l}.gates.1.weights`, t, experts, t * each, each)),
      })),
    ];
  },
};
