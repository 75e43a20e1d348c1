import { defineNetwork, fusion, gateOf, poolUnits, SHARED, sharedUnit, type NetworkSpec } from '@polytask/core';
import { passExpert } from '@polytask/experts';
import { identityGate, seeing, softmaxGate } from '@polytask/gating';
import { pooledLevels, type PooledLevelsOptions } from './levels.ts';

/**
 * OMoE, one-gate mixture of experts (Jacobs et al. 1991; Ma et al., KDD'18, eq. 5): f = Σ_e g_e(x) E_e(x). All tasks share
 * one gate on the network's input.
 *
 * @throws PolytaskError when there is no level, a pool is not a positive whole number, or an option is unknown
 * @example omoe({ levels: [{ experts: mlp([128, 64]), pool: 6 }] })
 */
export const omoe: (config: PooledLevelsOptions) => NetworkSpec = defineNetwork(
  'omoe',
  ({ levels }, tasks) =>
    fusion([
      ...levels.map(({ experts, pool, gate = softmaxGate({ reads: 'raw' }) }) => ({
        units: poolUnits(pool).map((unit) => ({ ...unit, reads: [SHARED] })),
        experts,
        outputs: [SHARED],
        gate: seeing('all', gate),
      })),
      { units: sharedUnit(1), experts: passExpert(), outputs: tasks, gate: identityGate({ sees: 'all' }) },
    ]),
  {
    description: 'a pool of deep experts, one gate for all tasks',
    paper: 'Ma et al., KDD 2018, eq. 5',
    package: '@polytask/baselines',
    variant: {
      useWhen: 'you want to know what a gate for each task is worth: it is MMoE with one gate',
      onlyNamed: true,
      config: (size) => ({
        levels: [{ experts: size.expert(size.widths), pool: size.experts, ...gateOf(size, 'raw') }],
      }),
    },
    options: pooledLevels,
  },
);
