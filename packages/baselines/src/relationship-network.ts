import { listOf, notNegative, optional, shaped, type FromDescription, type Written } from '@polytask/components';
import { defineNetwork, fusion, levelsOf, ownUnits, SHARED, sharedUnit, type NetworkSpec } from '@polytask/core';
import { identityGate } from '@polytask/gating';
import { expertLevel, expertLevels } from './levels.ts';
import { tensorNormal } from './tensor-normal.ts';

const options = {
  /** The layers that all tasks share, from the input up. */
  shared: optional(listOf(shaped(expertLevel)), []),
  /** The layers above, which each task has for itself; one or more. The prior relates the kernels of the tasks. */
  levels: expertLevels.levels,
  /** Weight of the prior per parameter. */
  prior: optional(notNegative, 0.1),
};

/** The configuration of {@link relationshipNetwork}. */
export interface RelationshipNetworkOptions extends Written<typeof options>, FromDescription {}

/**
 * Multilinear relationship network (MRN, Long et al., NeurIPS'17): shared layers, then layers that each task has for itself.
 * The kernels of the tasks' layers have a tensor-normal prior with a learned covariance of the tasks.
 * {@link taskCovariance} reads the covariance.
 *
 * @throws PolytaskError when `levels` is empty, or an option is unknown or invalid
 * @example relationshipNetwork({ shared: [{ experts: mlp([128]) }], levels: [{ experts: mlp([64]) }] })
 */
export const relationshipNetwork: (config: RelationshipNetworkOptions) => NetworkSpec = defineNetwork(
  'relationship-network',
  ({ shared, levels, prior }, tasks) =>
    fusion([
      ...shared.map(({ experts }) => ({
        units: sharedUnit(1),
        experts,
        outputs: [SHARED],
        gate: identityGate({ sees: 'all' }),
      })),
      ...levels.map(({ experts }, l) => ({
        units: ownUnits(tasks).map((unit) => (l === 0 ? { ...unit, reads: [SHARED] } : unit)),
        experts,
        outputs: tasks,
        gate: identityGate({ sees: 'own' }),
        penalties: [tensorNormal({ weight: prior })],
      })),
    ]),
  {
    description:
      "shared layers, then one of each task's own under a tensor-normal prior with a learned covariance of the tasks",
    paper: 'Long et al., NeurIPS 2017',
    package: '@polytask/baselines',
    variants: {
      'relationship-network': {
        also: ['mrn'],
        useWhen: 'each task keeps layers of its own, and you want to read how the tasks correlate',
        onlyNamed: true,
        config: (size) => ({ shared: levelsOf(size).slice(0, -1), levels: levelsOf(size).slice(-1) }),
      },
    },
    options,
  },
);
