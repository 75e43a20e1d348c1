import { defineNetwork, fusion, ownUnits } from '@polytask/core';
import { constantGate, type ConstantGateConfig } from '@polytask/gating';
import type { ExpertLevel } from './levels.ts';

export interface CrossStitchConfig {
  levels: readonly ExpertLevel[];
  /**
   * The matrix's start: `near-identity` as in the paper, the default, or `linear`, random as in the authors' AdaTT
   * library.
   */
  init?: NonNullable<ConstantGateConfig['init']>;
  /** The diagonal of `near-identity`. Default 0.9. */
  self?: number;
}

/**
 * Cross-stitch network (Misra et al., CVPR'16, eq. 1): one expert a task; W is a learned constant matrix over all.
 *
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
        weights: constantGate({ sees: 'all', init, self }),
      })),
    ),
);
