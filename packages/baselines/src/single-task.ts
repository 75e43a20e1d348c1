import { checks, defineNetwork, fusion, ownUnits, levelsOf } from '@polytask/core';
import { identityGate } from '@polytask/gating';
import { expertLevel, type ExpertLevel } from './levels.ts';

export interface SingleTaskConfig {
  /** From the input up, one or more; each task has one expert a level. */
  levels: readonly ExpertLevel[];
}

/**
 * Single-task: each task has its own experts and nothing is shared but the features' embeddings. W = 1 on a task's own.
 *
 * @throws PolytaskError when there is no level, or an option is unknown
 * @example singleTask({ levels: [{ experts: mlp([128]) }, { experts: mlp([64]) }] })
 */
export const singleTask = defineNetwork<SingleTaskConfig>(
  'single-task',
  ({ levels }, tasks) =>
    fusion(
      levels.map(({ experts }) => ({
        units: ownUnits(tasks),
        experts,
        outputs: tasks,
        gate: identityGate({ sees: 'own' }),
      })),
    ),
  {
    description: 'a network for each task; only the embeddings of the features are shared',
    package: '@polytask/baselines',
    variants: {
      'single-task': {
        config: (size) => ({ levels: levelsOf(size) }),
      },
    },
    options: { levels: checks.listOf(checks.shaped(expertLevel), 1) },
  },
);
