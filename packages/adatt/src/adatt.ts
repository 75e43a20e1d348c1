import {
  component,
  flag,
  listOf,
  optional,
  readOptions,
  shaped,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import {
  expertSpecs,
  defineNetwork,
  fusion,
  levelsOf,
  ownUnits,
  seeing,
  SHARED,
  sharedUnit,
  sumGate,
  withoutShared,
  withShared,
  perTaskCounts,
  type GateSpec,
  type NetworkSpec,
  type Unit,
} from '@polytask/core';
import { constantGate, identityGate, softmaxGate } from '@polytask/gating/common';

const spLevel = {
  /** The experts: one spec, or a list of specs that a unit's experts take in turn. */
  experts: expertSpecs,
  /** Native experts per task: one number, a list in the order of the tasks, or an object by task. */
  perTask: optional(perTaskCounts, 1),
  /** The gate. It sees all experts unless its `sees` is set. Default: a linear softmax gate. */
  gate: optional(component('gate')),
};

const level = {
  ...spLevel,
  /** The number of shared experts. With 0, this is a level of AdaTT-sp. */
  shared: optional(wholeNumber(), 0),
};

const spOptions = {
  /** The fusion levels, from the input up; one or more. */
  levels: listOf(shaped(spLevel), 1),
  /** Whether a unit adds its native experts to the gated experts. False is the ablation of table 6. */
  residual: optional(flag, true),
};

const options = {
  ...spOptions,
  /** The fusion levels, from the input up; one or more. */
  levels: listOf(shaped(level), 1),
};

export interface AdaTTSpOptions extends Written<typeof spOptions>, FromDescription {}

export interface AdaTTOptions extends Written<typeof options>, FromDescription {}

/**
 * AdaTT (Li et al., KDD'23, eq. 11): f = (pad(vᵀ) + Gᵀ) E at each level. W is the sum of two parts: a softmax gate G over all
 * experts, and learned constant weights v of a unit's native experts (eq. 8). v is 1 if every unit of the level has one
 * expert. The shared unit is fused like a task's unit, up to the last level with shared experts. Without shared experts this
 * is AdaTT-sp.
 *
 * @throws PolytaskError when there is no level, a count is not a whole number, or an option is unknown
 * @throws PolytaskError, when the model is built, if `perTask` doesn't fit the tasks
 * @example
 * adatt({
 *   levels: [
 *     { experts: mlp([128]), perTask: 2, shared: 1 },
 *     { experts: mlp([64]), perTask: 2, shared: 1 },
 *   ],
 * })
 */
export const adatt: (config: AdaTTOptions) => NetworkSpec = defineNetwork(
  'adatt',
  ({ levels, residual }, tasks) =>
    fusion(
      levels.map(({ experts, perTask, shared, gate = softmaxGate() }, l) => {
        const units = [...ownUnits(tasks, perTask), ...sharedUnit(shared)];
        const sharedLater = levels.slice(l + 1).some((later) => later.shared > 0);
        const gateOverAll = seeing('all', gate);
        return {
          units,
          experts,
          outputs: sharedLater ? [...tasks, SHARED] : tasks,
          gate: residual ? sumGate(gateOverAll, native(units)) : gateOverAll,
        };
      }),
    ),
  {
    description: 'gates over all experts and a native residual',
    paper: 'Li et al., KDD 2023, eq. 11',
    package: '@polytask/adatt',
    variants: {
      'adatt-sp': {
        description: 'AdaTT without shared experts: gates over all experts and a native residual',
        paper: 'Li et al., KDD 2023, section 3.1',
        useWhen: 'tasks learn from particular other tasks, and have nothing in common',
        config: (size) => ({ levels: levelsOf(size, withoutShared(size), 'unit') }),
      },
      adatt: {
        description: 'AdaTT with shared experts: gates over all experts and a native residual',
        useWhen: 'tasks learn from particular other tasks, and have something in common',
        config: (size) => ({ levels: levelsOf(size, withShared(size), 'unit') }),
      },
    },
    options,
  },
);

/** The residual of AdaTT: the weights v of native experts, or 1 if every unit has one expert. */
const native = (units: readonly Unit[]): GateSpec =>
  units.every(({ experts }) => experts === 1)
    ? identityGate({ sees: 'own' })
    : constantGate({ sees: 'own', start: 'native-uniform' });

/**
 * AdaTT-sp (section 3.1): AdaTT without shared experts.
 *
 * @throws PolytaskError as {@link adatt} does, and when a level has the option `shared`
 * @example adattSp({ levels: [{ experts: mlp([64]), perTask: 2 }] })
 */
export const adattSp = (config: AdaTTSpOptions): NetworkSpec => adatt(readOptions(config, spOptions, 'adattSp'));
