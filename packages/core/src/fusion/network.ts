import type * as tf from '@tensorflow/tfjs';
import { fail } from '../errors/errors.ts';
import type { FeatureColumns } from '../features/input.ts';
import type { Call } from '../layers/layer.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import type { Options } from '../specs/options.ts';
import { builderOf, createSpec, register, type About, type Spec } from '../specs/registry.ts';
import { createFusionLevel, type FusionLevel } from './fusion-level.ts';
import type { FusionLevelConfig } from './fusion-level-config.ts';
import type { Lanes } from './lanes.ts';
import { checkVariants, type NetworkVariants } from './network-variants.ts';
import type { TiedBanks } from './tied-bank.ts';
import { lanesOf } from './units.ts';

export interface FusionOptions {
  /**
   * `one` input for all lanes of the first level, the default; or each lane its `own`, with embeddings of its own (STEM).
   * A gate on the network's input then reads the shared lane's, or the first where there is none.
   */
  readonly inputs?: 'one' | 'own';
  /** Makes the tasks' logits from those of their heads, as where one task is a step of another (ESMM). */
  readonly finish?: (logits: Logits, call: Call) => Logits;
}

/** By task, [batch, 1] or [batch, classes]. */
export type Logits = Readonly<Record<string, tf.Tensor2D>>;

/** A network as a declaration: its fusion levels, from the input up. */
export interface FusionConfig extends FusionOptions {
  readonly levels: readonly FusionLevelConfig[];
}

/** The fusion network of these levels. With none, each tower reads the network's input. */
export const fusion = (levels: readonly FusionLevelConfig[], options: FusionOptions = {}): FusionConfig => ({
  levels,
  ...options,
});

export type NetworkSpec<C = unknown> = Spec<'network', C>;

export type NetworkDefinition<C> = (config: C, tasks: readonly string[]) => FusionConfig;

export interface DefineNetworkOptions<C = unknown> extends About {
  /** A check for each option of the configuration. {@link checks} has the usual ones. */
  options?: Options<C>;
  /** The architecture at any size, by name: what `polytask list models` shows and `--models` takes. */
  variants?: NetworkVariants<C>;
}

/**
 * Defines an architecture: from its configuration (plain JSON) and the names of the tasks to fusion levels.
 *
 * @param name how it is saved; it can be taken once
 * @throws PolytaskError when the name is taken; the factory, when the configuration doesn't fit `options`
 * @example
 * // One level of experts that all tasks share, and a gate for each task: MMoE (KDD'18).
 * export const oneLevel = defineNetwork<{ experts: ExpertSpec; pool: number }>('one-level', ({ experts, pool }, tasks) =>
 *   fusion([{ units: poolUnits(pool), experts, outputs: tasks, gate: softmaxGate({ reads: 'raw' }) }]),
 * );
 */
export function defineNetwork<C>(
  name: string,
  define: NetworkDefinition<C>,
  { options, ...about }: DefineNetworkOptions<C> = {},
): (config: C) => NetworkSpec<C> {
  checkVariants(name, about.variants ?? {});
  register('network', name, define, options, about);
  return (config) => createSpec('network', name, config);
}

/** A built network. */
export interface Network {
  readonly levels: readonly FusionLevel[];
  readonly outputDim: number;
  /** The lanes that the first level reads. */
  readonly inputLanes: readonly string[];
  /** The network's input to each lane, or to all → [batch, outputDim] for each task. */
  apply(x: tf.Tensor2D | Lanes, call: Call): Lanes;
  /** Whether the tasks' logits are others than those of their heads. */
  readonly finishes: boolean;
  /** The heads' logits → the tasks'. */
  finish(logits: Logits, call: Call): Logits;
}

/** A network whose inputs are known: how wide, and where each feature stands. */
export interface NetworkInput {
  readonly outputDim: number;
  readonly features?: ReadonlyMap<string, FeatureColumns>;
}

/** The levels of a network for these tasks. */
export const fusionOf = (spec: NetworkSpec, tasks: readonly string[]): FusionConfig =>
  builderOf<NetworkDefinition<unknown>>(spec)(spec.config, tasks);

/** The lanes that hold the network's input. */
export const inputLanes = ({ levels }: FusionConfig, tasks: readonly string[]): string[] => {
  const first = levels[0];
  if (!first) return [...tasks];
  const { units, outputs, keeps = [], gateReads = {} } = first;
  return [...new Set([...units.flatMap(lanesOf), ...keeps, ...Object.values(gateReads).flat(), ...outputs])];
};

export function createNetwork(
  store: ParameterStore,
  spec: NetworkSpec,
  tasks: readonly string[],
  input: number | NetworkInput,
): Network {
  const { outputDim: rawDim, features = new Map() } = typeof input === 'number' ? { outputDim: input } : input;
  const config = fusionOf(spec, tasks);
  const starts = inputLanes(config, tasks);
  const tiedBanks: TiedBanks = new Map();
  const levels: FusionLevel[] = [];
  let lanes: ReadonlyMap<string, number> = new Map(starts.map((lane) => [lane, rawDim]));
  let unitDim = rawDim;
  config.levels.forEach((level, l) => {
    const place = {
      path: `levels.${l}`,
      lanes: [...lanes.keys()],
      laneDims: lanes,
      unitDim,
      rawDim,
      features,
      tiedBanks,
    };
    levels.push(createFusionLevel(store, { ...level, ...place }));
    ({ lanes, outputDim: unitDim } = levels[l]!);
  });
  const missing = tasks.find((task) => !lanes.has(task));
  if (missing !== undefined) {
    fail({
      expected: `the last level of "${spec.name}" to give a vector for each task`,
      received: `none for "${missing}"`,
      mend: 'Add it to the outputs of the last level.',
    });
  }
  const widths = [...new Set(tasks.map((task) => lanes.get(task)!))];
  if (widths.length > 1) {
    fail({
      expected: `"${spec.name}" to give all tasks vectors of one width`,
      received: tasks.map((task) => `${lanes.get(task)!} for ${task}`).join(', '),
      mend: "Give the experts of the tasks' last levels the same output width.",
    });
  }
  const { finish = (logits: Logits) => logits } = config;
  return {
    levels,
    outputDim: widths[0]!,
    inputLanes: starts,
    finishes: config.finish !== undefined,
    finish,
    apply: (x, call) => levels.reduce<Lanes>((before, level) => level.apply(before, call), startLanes(starts, x)),
  };
}

/** Before the first level every lane holds the network's input, or its own. */
export const startLanes = (lanes: readonly string[], x: tf.Tensor2D | Lanes): Lanes =>
  x instanceof Map ? (x as Lanes) : new Map(lanes.map((name) => [name, x as tf.Tensor2D]));
