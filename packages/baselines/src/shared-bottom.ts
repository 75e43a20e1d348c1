import { checks, defineNetwork, fusion, SHARED, sharedUnit, levelsOf } from '@polytask/core';
import { identityGate } from '@polytask/gating';
import { expertLevel, type ExpertLevel } from './levels.ts';

/** The configuration of {@link sharedBottom}. */
export interface SharedBottomOptions {
  /** The levels, from the input up; one or more. All tasks share one expert per level. */
  levels: readonly ExpertLevel[];
}

/**
 * Shared-bottom (Caruana 1997): all tasks use one shared expert. W = 1.
 *
 * @throws PolytaskError when there is no level, or an option is unknown
 * @example sharedBottom({ levels: [{ experts: mlp([128, 64]) }] })
 */
export const sharedBottom = defineNetwork<SharedBottomOptions>(
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
    description: 'one expert that all tasks share',
    paper: 'Caruana 1997, Multitask learning',
    package: '@polytask/baselines',
    variants: {
      'shared-bottom': {
        useWhen: 'the tasks are alike, one of them has few labels, and the model should be small',
        config: (size) => ({ levels: levelsOf(size) }),
      },
    },
    options: { levels: checks.listOf(checks.shaped(expertLevel), 1) },
  },
);
