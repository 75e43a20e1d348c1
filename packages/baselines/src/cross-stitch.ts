import { number, oneOf, optional, type FromDescription, type Written } from '@polytask/components';
import { defineNetwork, fusion, levelsOf, type NetworkSpec } from '@polytask/core';
import { constantGate } from '@polytask/gating';
import { expertLevels, taskLevels } from './levels.ts';

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
 * @throws PolytaskError when there is no level, or an option is unknown or invalid
 * @example crossStitch({ levels: [{ experts: mlp([128]) }, { experts: mlp([64]) }] })
 */
export const crossStitch: (config: CrossStitchOptions) => NetworkSpec = defineNetwork(
  'cross-stitch',
  ({ levels, start, self }, tasks) => fusion(taskLevels(levels, tasks, constantGate({ sees: 'all', start, self }))),
  {
    description: "one expert a task; a learned constant matrix mixes the tasks' lanes at each level",
    paper: 'Misra et al., CVPR 2016',
    package: '@polytask/baselines',
    variant: {
      useWhen: 'tasks differ, each should keep a network of its own, and one matrix should show what they exchange',
      config: (size) => ({ levels: levelsOf(size) }),
    },
    options,
  },
);
