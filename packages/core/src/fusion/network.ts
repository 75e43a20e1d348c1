import type * as tf from '@tensorflow/tfjs';
import { fail } from '../errors/errors.ts';
import type { Call } from '../layers/layer.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import type { Options } from '../specs/options.ts';
import { builderOf, createSpec, register, type Spec } from '../specs/registry.ts';
import { createFusionLevel, type FusionLevel } from './fusion-level.ts';
import type { FusionLevelConfig } from './fusion-level-config.ts';
import type { Lanes } from './lanes.ts';

/** A network as a declaration: its fusion levels, from the input up. */
export interface FusionConfig {
  readonly levels: readonly FusionLevelConfig[];
}

/** The fusion network of these levels. With none, each tower reads the network's input. */
export const fusion = (levels: readonly FusionLevelConfig[]): FusionConfig => ({ levels });

export type NetworkSpec<C = unknown> = Spec<'network', C>;

export type NetworkDefinition<C> = (config: C, tasks: readonly string[]) => FusionConfig;

export interface DefineNetworkOptions<C = unknown> {
  /** A check for each option of the configuration. {@link checks} has the usual ones. */
  options?: Options<C>;
}

/**
 * Defines an architecture: from its configuration (plain JSON) and the names of the tasks to fusion levels.
 *
 * @param name how it is saved; it can be taken once
 * @throws PolytaskError when the name is taken; the factory, when the configuration doesn't fit `options`
 * @example
 * // One level of experts that all tasks share, and a gate for each task: MMoE (KDD'18).
 * export const oneLevel = defineNetwork<{ experts: ExpertSpec; pool: number }>('one-level', ({ experts, pool }, tasks) =>
 *   fusion([{ units: poolUnits(pool), experts, outputs: tasks, weights: softmaxGate({ reads: 'raw' }) }]),
 * );
 */
export function defineNetwork<C>(
  name: string,
  define: NetworkDefinition<C>,
  { options }: DefineNetworkOptions<C> = {},
): (config: C) => NetworkSpec<C> {
  register('network', name, define, options);
  return (config) => createSpec('network', name, config);
}

/** A built network. */
export interface Network {
  readonly levels: readonly FusionLevel[];
  readonly outputDim: number;
  /** [batch, inputDim] → [batch, outputDim] for each task. */
  apply(x: tf.Tensor2D, call: Call): Lanes;
}

export function createNetwork(
  store: ParameterStore,
  spec: NetworkSpec,
  tasks: readonly string[],
  inputDim: number,
): Network {
  const { levels: configs } = builderOf<NetworkDefinition<unknown>>(spec)(spec.config, tasks);
  const levels: FusionLevel[] = [];
  let unitDim = inputDim;
  configs.forEach((config, l) => {
    const lanes = levels.at(-1)?.outputs ?? config.units.map((unit) => unit.name);
    levels.push(createFusionLevel(store, { ...config, path: `levels.${l}`, lanes, unitDim, rawDim: inputDim }));
    unitDim = levels[l]!.outputDim;
  });
  const last = levels.at(-1);
  const missing = last && tasks.find((task) => !last.outputs.includes(task));
  if (missing !== undefined) {
    fail({
      expected: `the last level of "${spec.name}" to give a vector for each task`,
      received: `none for "${missing}"`,
      mend: 'Add it to the outputs of the last level.',
    });
  }
  return {
    levels,
    outputDim: unitDim,
    apply: (x, call) => levels.reduce<Lanes>((lanes, level) => level.apply(lanes, call), startLanes(levels, tasks, x)),
  };
}

/** Before the first level every lane holds the network's input. */
export function startLanes(levels: readonly FusionLevel[], tasks: readonly string[], x: tf.Tensor2D): Lanes {
  const first = levels[0];
  const names = first ? [...first.experts.map(({ unit }) => unit), ...first.outputs] : tasks;
  return new Map(names.map((name) => [name, x]));
}
