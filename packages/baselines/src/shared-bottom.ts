import { defineNetwork, fusion, SHARED, sharedUnit } from '@polytask/core';
import { identityGate } from '@polytask/gating';
import type { ExpertLevel } from './levels.ts';

export interface SharedBottomConfig {
  levels: readonly ExpertLevel[];
}

/**
 * Shared-bottom (Caruana 1997): one expert that all tasks take. W = 1 on it.
 *
 * @example sharedBottom({ levels: [{ experts: mlp([128, 64]) }] })
 */
export const sharedBottom = defineNetwork<SharedBottomConfig>('shared-bottom', ({ levels }, tasks) =>
  fusion(
    levels.map(({ experts }, l) => ({
      units: sharedUnit(1),
      experts,
      outputs: l === levels.length - 1 ? tasks : [SHARED],
      weights: identityGate({ sees: 'all' }),
    })),
  ),
);
