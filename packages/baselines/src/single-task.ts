import { defineNetwork, fusion, levelsOf, type NetworkSpec } from '@polytask/core';
import { expertLevels, taskLevels, type LevelsOptions } from './levels.ts';

/**
 * Single-task: each task has its own experts, one per level. The tasks share only the embeddings of the features. W = 1 for a task's own
 * expert, 0 for the others.
 *
 * @throws PolytaskError when there is no level, or an option is unknown
 * @example singleTask({ levels: [{ experts: mlp([128]) }, { experts: mlp([64]) }] })
 */
export const singleTask: (config: LevelsOptions) => NetworkSpec = defineNetwork(
  'single-task',
  ({ levels }, tasks) => fusion(taskLevels(levels, tasks)),
  {
    also: ['stl'],
    description: 'a network for each task; only the embeddings of the features are shared',
    package: '@polytask/baselines',
    variant: {
      useWhen: 'every task has enough labels of its own; it is the row that a shared model has to beat',
      config: (size) => ({ levels: levelsOf(size) }),
    },
    options: expertLevels,
  },
);
