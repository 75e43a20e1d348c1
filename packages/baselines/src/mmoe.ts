import { defineNetwork, fusion, gateOf, levelsOf, poolUnits, seeing, type NetworkSpec } from '@polytask/core';
import { softmaxGate } from '@polytask/gating';
import { outputsOf, pooledLevels, type PooledLevelsOptions } from './levels.ts';

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
    package: '@polytask/baselines',
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
