import { number, oneOf, optional, type FromDescription, type Written } from '@polytask/components';
import { fusion, levelsOf, SHARED, type NetworkSpec } from '@polytask/core';
import { constantGate } from '@polytask/gating';
import { defineNetwork, expertLevels, sharedLevel, taskLevels, type LevelsOptions } from './levels.ts';

/**
 * Single-task: each task has its own experts, one per level. The tasks share only the embeddings of the features. W = 1 for a task's own
 * expert, 0 for the others.
 *
 * @example singleTask({ levels: [{ experts: mlp([128]) }, { experts: mlp([64]) }] })
 */
export const singleTask: (config: LevelsOptions) => NetworkSpec = defineNetwork(
  'single-task',
  ({ levels }, tasks) => fusion(taskLevels(levels, tasks)),
  {
    also: ['stl'],
    description: 'a network for each task; only the embeddings of the features are shared',
    variant: {
      useWhen: 'every task has enough labels of its own; it is the row that a shared model has to beat',
      config: (size) => ({ levels: levelsOf(size) }),
    },
    options: expertLevels,
  },
);

/**
 * Shared-bottom (Caruana 1997): all tasks use one shared expert per level. W = 1.
 *
 * @example sharedBottom({ levels: [{ experts: mlp([128, 64]) }] })
 */
export const sharedBottom: (config: LevelsOptions) => NetworkSpec = defineNetwork(
  'shared-bottom',
  ({ levels }, tasks) =>
    fusion(levels.map(({ experts }, l) => sharedLevel(experts, l === levels.length - 1 ? tasks : [SHARED]))),
  {
    also: ['hps'],
    description: 'one expert that all tasks share',
    paper: 'Caruana 1997, Multitask learning',
    variant: {
      useWhen: 'the tasks are alike, one of them has few labels, and the model should be small',
      config: (size) => ({ levels: levelsOf(size) }),
    },
    options: expertLevels,
  },
);

const options = {
  ...expertLevels,
  /** The initial matrix: `near-identity`, as in the paper, or `linear`, U(±1/√tasks), as in the AdaTT authors' library. */
  start: optional(oneOf('near-identity', 'linear'), 'near-identity'),
  /** The diagonal of `near-identity`. The other tasks divide the rest evenly. */
  self: optional(number(), 0.9),
};

export interface CrossStitchOptions extends Written<typeof options>, FromDescription {}

/**
 * Cross-stitch network (Misra et al., CVPR'16, eq. 1): one expert per task. W is a learned constant matrix over all experts.
 *
 * @example crossStitch({ levels: [{ experts: mlp([128]) }, { experts: mlp([64]) }] })
 */
export const crossStitch: (config: CrossStitchOptions) => NetworkSpec = defineNetwork(
  'cross-stitch',
  ({ levels, start, self }, tasks) => fusion(taskLevels(levels, tasks, constantGate({ sees: 'all', start, self }))),
  {
    description: "one expert a task; a learned constant matrix mixes the tasks' lanes at each level",
    paper: 'Misra et al., CVPR 2016',
    variant: {
      useWhen: 'tasks differ, each should keep a network of its own, and one matrix should show what they exchange',
      config: (size) => ({ levels: levelsOf(size) }),
    },
    options,
  },
);
