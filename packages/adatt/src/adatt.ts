import {
  defineNetwork,
  fusion,
  ownUnits,
  seeing,
  SHARED,
  sharedUnit,
  sum,
  type ExpertSpec,
  type GateSpec,
  type NetworkSpec,
  type PerTask,
  type Unit,
} from '@polytask/core';
import { constantGate, identityGate, softmaxGate } from '@polytask/gating';

/** A fusion level of AdaTT. */
export interface AdaTTLevel {
  /** What an expert is; a list gives a unit's experts in turn. */
  experts: ExpertSpec | readonly ExpertSpec[];
  /** Native experts a task: one number, a list in the order of the tasks, or numbers by task. Default 1. */
  perTask?: PerTask;
  /** Shared experts. Default 0: AdaTT-sp. */
  shared?: number;
  /** Instead of a linear softmax gate over all experts. */
  gate?: GateSpec;
}

export interface AdaTTConfig {
  levels: readonly AdaTTLevel[];
  /** The residual over a unit's native experts; false for the ablation of the paper's table 6. Default true. */
  residual?: boolean;
}

/**
 * AdaTT (Li et al., KDD'23, eq. 11): W = softmax gate over all experts + learned constant over a unit's native ones,
 * v of eq. 7, which is 1 where every unit of the level has one expert. The shared unit is fused like a task's, but for
 * the last level, which has no use for it. With no shared experts this is AdaTT-sp.
 *
 * @throws PolytaskError when a count isn't a whole number, or there is no level
 * @example adatt({ levels: [{ experts: mlp([128]), perTask: 2, shared: 1 }, { experts: mlp([64]), perTask: 2, shared: 1 }] })
 */
export const adatt = defineNetwork<AdaTTConfig>('adatt', ({ levels, residual = true }, tasks) =>
  fusion(
    levels.map(({ experts, perTask = 1, shared = 0, gate = softmaxGate() }, l) => {
      const units = [...ownUnits(tasks, perTask), ...sharedUnit(shared)];
      const goesOn = l < levels.length - 1 && sharesLater(levels.slice(l + 1));
      const gated = seeing('all', gate);
      return {
        units,
        experts,
        outputs: goesOn ? [...tasks, SHARED] : tasks,
        weights: residual ? sum(gated, native(units)) : gated,
      };
    }),
  ),
);

/** AdaTT's residual: v over native experts, or plainly 1 where there is one of them in each unit. */
const native = (units: readonly Unit[]): GateSpec =>
  units.every(({ experts }) => experts === 1)
    ? identityGate({ sees: 'own' })
    : constantGate({ sees: 'own', init: 'native-uniform' });

const sharesLater = (levels: readonly AdaTTLevel[]): boolean => levels.some(({ shared = 0 }) => shared > 0);

/**
 * AdaTT-sp (eq. 8): task experts alone.
 *
 * @example adattSp({ levels: [{ experts: mlp([64]), perTask: 2 }] })
 */
export const adattSp = (config: {
  levels: readonly Omit<AdaTTLevel, 'shared'>[];
  residual?: boolean;
}): NetworkSpec<AdaTTConfig> => adatt(config);
