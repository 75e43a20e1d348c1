import { adatt } from '@polytask/adatt';
import { mlp } from '@polytask/experts';
import { linear, range, rowOf, type Pairing } from '../pairing.ts';
import { impossible, perTaskOf, widthsIn, type Plan } from '../plan.ts';
import { levelExperts, sum, type Architecture } from './architecture.ts';

/** `AdaTTSp`: native weights are [task, expert] of a level, and there are none with one expert a task. */
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
      ...unitGates(
        plan,
        plan.levels.map(() => plan.tasks),
      ),
      ...native.map((_, l): Pairing => ({
        name: `mtl_arch.self_exp_weights.${l}`,
        shape: [plan.tasks, each],
        runs: range(plan.tasks).map((t) => rowOf(`levels.${l}.gates.1.weights`, t, experts, t * each, each)),
      })),
    ];
  },
};

/** AdaTT's softmax gates, which see every expert of the level; with a residual they are the first term of a sum. */
export const unitGates = (plan: Plan, unitsOfLevels: readonly number[], experts = sum(plan.perTask)): Pairing[] =>
  unitsOfLevels.flatMap((units, l) =>
    range(units).flatMap((member) =>
      linear(`mtl_arch.gate_weights.${l}.${member}.0`, {
        path: plan.residual ? `levels.${l}.gates.0` : `levels.${l}.gates`,
        member,
        inputDim: widthsIn(plan)[l]!,
        width: experts,
      }),
    ),
  );
