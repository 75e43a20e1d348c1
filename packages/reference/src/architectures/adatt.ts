import { adatt } from '@polytask/adatt';
import { component, listOf, shaped, sum } from '@polytask/components';
import { defineNetwork, fusion, ownUnits, SHARED, perTaskCounts } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { softmaxGate } from '@polytask/gating';
import { rowOf, type Pairing, range } from '../pairing.ts';
import { impossible, perTaskOf, type Plan } from '../plan.ts';
import { gatesOfAdatt, levelExperts, unitGates, type Architecture } from './architecture.ts';

/**
 * The library's AdaTT without a residual and without shared experts. Below the last level it still fuses a shared unit that
 * nothing reads. The gates of that unit have no gradient, but the state dict has them.
 */
const adattIdleGate = defineNetwork(
  'adatt-idle-shared-gate',
  ({ levels }, tasks) =>
    fusion(
      levels.map(({ experts, perTask }, l) => ({
        units: ownUnits(tasks, perTask),
        experts,
        outputs: l < levels.length - 1 ? [...tasks, SHARED] : tasks,
        gate: softmaxGate({ sees: 'all' }),
      })),
    ),
  {
    description: "AdaTT-sp with a shared gate that the authors' library makes and never reads",
    package: '@polytask/reference',
    options: { levels: listOf(shaped({ experts: component('expert'), perTask: perTaskCounts }), 1) },
  },
);

/**
 * `AdaTTWSharedExps`. Each unit has native weights [level, expert]. The shared unit comes last. It has no gate and no native
 * weights at the last level, so with one level its native weights are a tensor [0, expert].
 */
export const adattGeneral: Architecture = {
  network(plan) {
    const { shared, residual } = plan;
    if (residual && [...plan.perTask, shared].includes(0)) {
      impossible(
        plan,
        'an expert or more in each unit',
        `${JSON.stringify(plan.perTask)} and ${shared} shared`,
        'its residual divides by the number of experts. With none shared, AdaTT is att_sp',
      );
    }
    if (expertsOf(plan) === 0) impossible(plan, 'an expert or more', 'none', 'there is nothing to stack');
    const perTask = perTaskOf(plan);
    const levels = plan.levels.map((units) => ({ experts: mlp(units), perTask }));
    if (shared === 0 && levels.length > 1) return adattIdleGate({ levels });
    return adatt({ levels: levels.map((level) => ({ ...level, shared })), residual });
  },

  pairings(plan) {
    const experts = expertsOf(plan);
    const counts = [...plan.perTask, plan.shared];
    const native = plan.residual && counts.some((count) => count !== 1) ? counts : [];
    return [
      ...levelExperts(plan, experts),
      ...unitGates(plan, experts, { path: gatesOfAdatt(plan), shared: true }),
      ...native.map((count, unit): Pairing => {
        const levels = unit === plan.tasks ? plan.levels.slice(0, -1) : plan.levels;
        return {
          name: `mtl_arch.self_exp_weights.${unit}`,
          shape: [levels.length, count],
          runs: levels.map((_, l) =>
            rowOf(`levels.${l}.gates.1.weights`, unit, experts, sum(counts.slice(0, unit)), count),
          ),
        };
      }),
    ];
  },
};

const expertsOf = ({ perTask, shared }: Plan): number => sum(perTask) + shared;

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
