import { defineNetwork, fusion, levelsOf, SHARED, sharedUnit, type NetworkSpec } from '@polytask/core';
import { identityGate } from '@polytask/gating';
import { expertLevels, type LevelsOptions } from './levels.ts';

/**
 * Shared-bottom (Caruana 1997): all tasks use one shared expert per level. W = 1.
 *
 * @throws PolytaskError when there is no level, or an option is unknown
 * @example sharedBottom({ levels: [{ experts: mlp([128, 64]) }] })
 */
export const sharedBottom: (config: LevelsOptions) => NetworkSpec = defineNetwork(
  'shared-bottom',
  ({ levels }, tasks) =>
    fusion(
      levels.map(({ experts }, l) => ({
        units: sharedUnit(1),
        experts,
        outputs: l === levels.length - 1 ? tasks : [SHARED],
        gate: identityGate({ sees: 'all' }),
      })),
    ),
  {
    also: ['hps'],
    description: 'one expert that all tasks share',
    paper: 'Caruana 1997, Multitask learning',
    package: '@polytask/baselines',
    variant: {
      useWhen: 'the tasks are alike, one of them has few labels, and the model should be small',
      config: (size) => ({ levels: levelsOf(size) }),
    },
    options: expertLevels,
  },
);
