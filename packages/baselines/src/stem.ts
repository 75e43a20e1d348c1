import { listOf, optional, shaped, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import {
  defineNetwork,
  fusion,
  levelsOf,
  ownUnits,
  seeing,
  SHARED,
  sharedUnit,
  withShared,
  perTaskCounts,
  type NetworkSpec,
} from '@polytask/core';
import { softmaxGate } from '@polytask/gating';
import { gatedLevel } from './levels.ts';

const level = {
  ...gatedLevel,
  /** Native experts per task: one number, a list in the order of the tasks, or an object by task. */
  perTask: optional(perTaskCounts, 1),
  /** The number of shared experts, 1 or more. */
  shared: optional(wholeNumber(1), 1),
};

const options = {
  /** The levels, from the input up; one or more. */
  levels: listOf(shaped(level), 1),
};

export interface StemOptions extends Written<typeof options>, FromDescription {}

/**
 * STEM (Su et al., AAAI'24). There are shared embeddings, and each task has its own embeddings, which its experts read. The
 * gate of a task uses all experts. The loss of a task trains only its own and the shared experts and embeddings (all
 * forward, task-specific backward).
 *
 * @throws PolytaskError when there is no level, a count is invalid, or an option is unknown
 * @example stem({ levels: [{ experts: mlp([128, 64]), perTask: 1, shared: 1 }] })
 */
export const stem: (config: StemOptions) => NetworkSpec = defineNetwork(
  'stem',
  ({ levels }, tasks) =>
    fusion(
      levels.map(({ experts, perTask, shared, gate = softmaxGate() }, l) => ({
        units: [...ownUnits(tasks, perTask), ...sharedUnit(shared)],
        experts,
        outputs: l === levels.length - 1 ? tasks : [...tasks, SHARED],
        gate: seeing('all', gate),
        trains: 'own+shared' as const,
      })),
      { inputs: 'own' },
    ),
  {
    traits: { estimated: true },
    description:
      "embeddings of each task's own next to shared ones; gates over all experts, of which a task trains its own and the shared",
    paper: 'Su et al., AAAI 2024',
    package: '@polytask/baselines',
    variant: {
      useWhen: 'ids carry most of the information, and they mean different things to different tasks',
      onlyNamed: true,
      config: (size) => ({ levels: levelsOf(size, withShared(size)) }),
    },
    options,
  },
);
