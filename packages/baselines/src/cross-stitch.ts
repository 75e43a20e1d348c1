import { checks, defineNetwork, fusion, levelsOf } from '@polytask/core';
import { constantGate } from '@polytask/gating';
import { expertLevel, taskLevels, type ExpertLevel } from './levels.ts';

const { listOf, number, oneOf, optional, shaped } = checks;

/** The configuration of {@link crossStitch}. */
export interface CrossStitchOptions {
  /** The levels, from the input up; one or more. Each task has one expert per level. */
  levels: readonly ExpertLevel[];
  /**
   * The initial matrix: `near-identity` (default), as in the paper, or `linear`, U(±1/√tasks), as in the AdaTT authors'
   * library.
   */
  start?: 'near-identity' | 'linear';
  /** The diagonal of `near-identity`. The other tasks divide the rest evenly. Default 0.9. */
  self?: number;
}

/**
 * Cross-stitch network (Misra et al., CVPR'16, eq. 1): one expert per task. W is a learned constant matrix over all experts.
 *
 * @throws PolytaskError when there is no level, or an option is unknown or invalid
 * @example crossStitch({ levels: [{ experts: mlp([128]) }, { experts: mlp([64]) }] })
 */
export const crossStitch = defineNetwork<CrossStitchOptions>(
  'cross-stitch',
  ({ levels, start = 'near-identity', self = 0.9 }, tasks) =>
    fusion(taskLevels(levels, tasks, constantGate({ sees: 'all', start, self }))),
  {
    description: "one expert a task; a learned constant matrix mixes the tasks' lanes at each level",
    paper: 'Misra et al., CVPR 2016',
    package: '@polytask/baselines',
    variants: {
      'cross-stitch': {
        useWhen: 'tasks differ, each should keep a network of its own, and one matrix should show what they exchange',
        config: (size) => ({ levels: levelsOf(size) }),
      },
    },
    options: {
      levels: listOf(shaped(expertLevel), 1),
      start: optional(oneOf('near-identity', 'linear')),
      self: optional(number('a number', () => true)),
    },
  },
);
