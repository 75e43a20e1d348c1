import { fusion, gateOf, levelsOf, poolUnits, seeing, SHARED, type NetworkSpec } from '@polytask/core';
import { passExpert } from '@polytask/experts';
import { softmaxGate } from '@polytask/gating';
import { defineNetwork, outputsOf, pooledLevels, sharedLevel, type PooledLevelsOptions } from './levels.ts';

/**
 * MMoE (Ma et al., KDD'18, eq. 6–8): a pool of experts that all tasks share. Each task has a softmax gate on the network's
 * input. With several levels, as in the AdaTT paper, each expert of the next level also has its own gate. All gates read the network's input.
 *
 * @throws PolytaskError when there is no level, a pool is not a positive whole number, or an option is unknown
 * @example mmoe({ levels: [{ experts: mlp([128, 64]), pool: 6 }] })
 */
export const mmoe: (config: PooledLevelsOptions) => NetworkSpec = defineNetwork(
  'mmoe',
  ({ levels }, tasks) =>
    fusion(
      levels.map(({ experts, pool, gate = softmaxGate({ reads: 'raw' }) }, l) => ({
        units: poolUnits(pool),
        experts,
        outputs: outputsOf(levels[l + 1], tasks),
        gate: seeing('all', gate),
      })),
    ),
  {
    description: 'a pool of experts, a softmax gate for each task',
    paper: 'Ma et al., KDD 2018',
    variants: {
      mmoe: {
        description: 'a pool of deep experts, a softmax gate for each task',
        paper: 'Ma et al., KDD 2018',
        useWhen: 'tasks are related to different degrees, and one level of experts is enough',
        config: (size) => ({
          levels: [{ experts: size.expert(size.widths), pool: size.experts, ...gateOf(size, 'raw') }],
        }),
      },
      'ml-mmoe': {
        description: 'multi-level MMoE: a pool of experts per level, each gated on the network input',
        paper: 'Li et al., KDD 2023, as a baseline of AdaTT',
        also: ['mmoe-multi-level'],
        useWhen: 'you repeat the comparison of the AdaTT paper, whose baseline it is',
        config: (size) => ({ levels: levelsOf(size, { pool: size.experts }, 'raw') }),
      },
    },
    options: pooledLevels,
  },
);

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
      sharedLevel(passExpert(), tasks),
    ]),
  {
    description: 'a pool of deep experts, one gate for all tasks',
    paper: 'Ma et al., KDD 2018, eq. 5',
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
