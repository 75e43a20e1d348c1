import { checks, defineNetwork, fusion, levelsOf } from '@polytask/core';
import { expertLevel, taskLevels, type ExpertLevel } from './levels.ts';

/** The configuration of {@link singleTask}. */
export interface SingleTaskOptions {
  /** The levels, from the input up; one or more. Each task has one expert per level. */
  levels: readonly ExpertLevel[];
}

/**
 * Single-task: each task has its own experts. The tasks share only the embeddings of the features. W = 1 for a task's own
 * expert, 0 for the others.
 *
 * @throws PolytaskError when there is no level, or an option is unknown
 * @example singleTask({ levels: [{ experts: mlp([128]) }, { experts: mlp([64]) }] })
 */
export const singleTask = defineNetwork<SingleTaskOptions>(
  'single-task',
  ({ levels }, tasks) => fusion(taskLevels(levels, tasks)),
  {
    description: 'a network for each task; only the embeddings of the features are shared',
    package: '@polytask/baselines',
    variants: {
      'single-task': {
        useWhen: 'every task has enough labels of its own; it is the row that a shared model has to beat',
        config: (size) => ({ levels: levelsOf(size) }),
      },
    },
    options: { levels: checks.listOf(checks.shaped(expertLevel), 1) },
  },
);
