import { defineNetwork, fusion, ownUnits, seeing, SHARED, sharedUnit, type NetworkSpec, type PerTask } from '@polytask/core';
import { softmaxGate } from '@polytask/gating';
import type { GatedLevel } from './levels.ts';

export interface PleLevel extends GatedLevel {
  /** Native experts a task: one number, a list in the order of the tasks, or numbers by task. Default 1. */
  perTask?: PerTask;
  /** Shared experts. Default 1. */
  shared?: number;
}

export interface PleConfig {
  levels: readonly PleLevel[];
}

/**
 * PLE (Tang et al., RecSys'20, eq. 5–8): softmax gates over a task's own and the shared experts; the shared unit sees
 * all; the last level gives the tasks alone.
 *
 * @example ple({ levels: [{ experts: mlp([128]), perTask: 2, shared: 1 }, { experts: mlp([64]), perTask: 2, shared: 1 }] })
 */
export const ple = defineNetwork<PleConfig>('ple', ({ levels }, tasks) =>
  fusion(
    levels.map(({ experts, perTask = 1, shared = 1, gate = softmaxGate() }, l) => ({
      units: [...ownUnits(tasks, perTask), ...sharedUnit(shared)],
      experts,
      outputs: levels.slice(l + 1).some((later) => (later.shared ?? 1) > 0) ? [...tasks, SHARED] : tasks,
      weights: seeing('own+shared', gate),
    })),
  ),
);

/**
 * CGC (the same paper, eq. 2–4): PLE with one level.
 *
 * @example cgc({ experts: mlp([128, 64]), perTask: 2, shared: 1 })
 */
export const cgc = (level: PleLevel): NetworkSpec<PleConfig> => ple({ levels: [level] });
