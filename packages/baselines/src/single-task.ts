import { defineNetwork, fusion, ownUnits } from '@polytask/core';
import { identityGate } from '@polytask/gating';
import type { ExpertLevel } from './levels.ts';

export interface SingleTaskConfig {
  levels: readonly ExpertLevel[];
}

/**
 * Single-task: each task has its own experts and nothing is shared but the features' embeddings. W = 1 on a task's own.
 *
 * @example singleTask({ levels: [{ experts: mlp([128]) }, { experts: mlp([64]) }] })
 */
export const singleTask = defineNetwork<SingleTaskConfig>('single-task', ({ levels }, tasks) =>
  fusion(
    levels.map(({ experts }) => ({
      units: ownUnits(tasks),
      experts,
      outputs: tasks,
      weights: identityGate({ sees: 'own' }),
    })),
  ),
);
