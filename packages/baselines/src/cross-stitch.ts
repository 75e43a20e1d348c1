import { checks, defineNetwork, fusion, ownUnits, levelsOf } from '@polytask/core';
import { constantGate } from '@polytask/gating';
import { expertLevel, type ExpertLevel } from './levels.ts';

const { listOf, number, oneOf, optional, shaped } = checks;

export interface CrossStitchConfig {
  /** From the input up, one or more; each task has one expert a level. */
  levels: readonly ExpertLevel[];
  /**
   * The matrix's start: `near-identity` as in the paper, the default, or `linear`, U(±1/√tasks), as in the authors'
   * AdaTT library.
   */
  init?: 'near-identity' | 'linear';
  /** The diagonal of `near-identity`; the other tasks share the rest evenly. Default 0.9. */
  self?: number;
}

/**
 * Cross-stitch network (Misra et al., CVPR'16, eq. 1): one expert a task; W is a learned constant matrix over all.
 *
 * @throws PolytaskError when there is no level, or an option is unknown or unfit
 * @example crossStitch({ levels: [{ experts: mlp([128]) }, { experts: mlp([64]) }] })
 */
export const crossStitch = defineNetwork<CrossStitchConfig>(
  'cross-stitch',
  ({ levels, init = 'near-identity', self = 0.9 }, tasks) =>
    fusion(
      levels.map(({ experts }) => ({
        units: ownUnits(tasks),
        experts,
        outputs: tasks,
        gate: constantGate({ sees: 'all', init, self }),
      })),
    ),
  {
    description: "one expert a task; a learned constant matrix mixes the tasks' lanes at each level",
    paper: 'Misra et al., CVPR 2016',
    package: '@polytask/baselines',
    variants: {
      'cross-stitch': {
        config: (size) => ({ levels: levelsOf(size) }),
      },
    },
    options: {
      levels: listOf(shaped(expertLevel), 1),
      init: optional(oneOf('near-identity', 'linear')),
      self: optional(number('a number', () => true)),
    },
  },
);
