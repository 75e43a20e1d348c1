import {
  checkOptions,
  checkPerTask,
  checks,
  defineNetwork,
  fusion,
  levelsOf,
  ownUnits,
  seeing,
  SHARED,
  sharedUnit,
  sum,
  withoutShared,
  withShared,
  type ExpertSpec,
  type GateSpec,
  type NetworkSpec,
  type Options,
  type PerTask,
  type Unit,
} from '@polytask/core';
import { constantGate, identityGate, softmaxGate } from '@polytask/gating';

const { component, expertSpecs, flag, listOf, optional, shaped, wholeNumber } = checks;

/** A fusion level of AdaTT-sp. */
export interface AdaTTSpLevel {
  /** What an expert is; a list gives a unit's experts in turn. */
  experts: ExpertSpec | readonly ExpertSpec[];
  /** Native experts a task: one number, a list in the order of the tasks, or numbers by task. Default 1. */
  perTask?: PerTask;
  /** Instead of a linear softmax gate; it sees all experts unless it says otherwise. */
  gate?: GateSpec;
}

/** A fusion level of AdaTT. */
export interface AdaTTLevel extends AdaTTSpLevel {
  /** Shared experts. Default 0: AdaTT-sp. */
  shared?: number;
}

export interface AdaTTSpConfig {
  /** From the input up, one or more. */
  levels: readonly AdaTTSpLevel[];
  /** The residual over a unit's native experts; false for the ablation of the paper's table 6. Default true. */
  residual?: boolean;
}

export interface AdaTTConfig extends AdaTTSpConfig {
  levels: readonly AdaTTLevel[];
}

const spLevel: Options<AdaTTSpLevel> = {
  experts: expertSpecs,
  perTask: optional(checkPerTask),
  gate: optional(component('gate')),
};
const level: Options<AdaTTLevel> = { ...spLevel, shared: optional(wholeNumber()) };

/**
 * AdaTT (Li et al., KDD'23, eq. 11), f = (pad(vᵀ) + Gᵀ) E at each level: W is a softmax gate over all experts plus a
 * learned constant over a unit's native ones, v of eq. 8, which is 1 where every unit of the level has one expert. The
 * shared unit is fused like a task's, until the last level that has shared experts. With none at all this is AdaTT-sp.
 *
 * @throws PolytaskError when there is no level, a count isn't a whole number, or an option is unknown; when the model is
 *   built, if `perTask` doesn't fit the tasks
 * @example adatt({ levels: [{ experts: mlp([128]), perTask: 2, shared: 1 }, { experts: mlp([64]), perTask: 2, shared: 1 }] })
 */
export const adatt = defineNetwork<AdaTTConfig>(
  'adatt',
  ({ levels, residual = true }, tasks) =>
    fusion(
      levels.map(({ experts, perTask = 1, shared = 0, gate = softmaxGate() }, l) => {
        const units = [...ownUnits(tasks, perTask), ...sharedUnit(shared)];
        const sharedLater = levels.slice(l + 1).some((later) => (later.shared ?? 0) > 0);
        const gated = seeing('all', gate);
        return {
          units,
          experts,
          outputs: sharedLater ? [...tasks, SHARED] : tasks,
          gate: residual ? sum(gated, native(units)) : gated,
        };
      }),
    ),
  {
    description: 'gates over all experts and a native residual',
    paper: 'Li et al., KDD 2023, eq. 11',
    package: '@polytask/adatt',
    variants: {
      'adatt-sp': {
        description: "AdaTT with the tasks' own experts alone: gates over all experts and a native residual",
        paper: 'Li et al., KDD 2023, section 3.1',
        config: (size) => ({ levels: levelsOf(size, withoutShared(size)) }),
      },
      adatt: {
        description: 'AdaTT with shared experts: gates over all experts and a native residual',
        paper: 'Li et al., KDD 2023, eq. 11',
        config: (size) => ({ levels: levelsOf(size, withShared(size)) }),
      },
    },
    options: { levels: listOf(shaped(level), 1), residual: optional(flag) },
  },
);

/** AdaTT's residual: v over native experts, or plainly 1 where there is one of them in each unit. */
const native = (units: readonly Unit[]): GateSpec =>
  units.every(({ experts }) => experts === 1)
    ? identityGate({ sees: 'own' })
    : constantGate({ sees: 'own', init: 'native-uniform' });

/**
 * AdaTT-sp (section 3.1): AdaTT with task experts alone.
 *
 * @throws PolytaskError as {@link adatt} does, and when a level has shared experts
 * @example adattSp({ levels: [{ experts: mlp([64]), perTask: 2 }] })
 */
export function adattSp(config: AdaTTSpConfig): NetworkSpec<AdaTTConfig> {
  const options: Options<AdaTTSpConfig> = { levels: listOf(shaped(spLevel), 1), residual: optional(flag) };
  checkOptions(config, options, 'adattSp');
  return adatt(config);
}
