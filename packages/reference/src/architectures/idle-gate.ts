import {
  checkPerTask,
  checks,
  defineNetwork,
  fusion,
  ownUnits,
  SHARED,
  type ExpertSpec,
  type Options,
  type PerTask,
} from '@polytask/core';
import { softmaxGate } from '@polytask/gating';

interface IdleLevel {
  experts: ExpertSpec;
  perTask: PerTask;
}

const level: Options<IdleLevel> = { experts: checks.component('expert'), perTask: checkPerTask };

/**
 * AdaTT without a residual and without shared experts as the library has it: below the last level the shared unit is fused
 * all the same, though nothing reads it. Its gates have no gradient, but they are in the state dict.
 */
export const adattIdleGate = defineNetwork<{ levels: readonly IdleLevel[] }>(
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
    options: { levels: checks.listOf(checks.shaped(level), 1) },
  },
);
