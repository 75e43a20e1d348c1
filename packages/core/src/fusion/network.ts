import type * as tf from '@tensorflow/tfjs-core';
import {
  checkMembersOf,
  checkNames,
  define,
  type Definition,
  type Factory,
  fail,
  type Read,
  resolve,
  type Spec,
  type Written,
} from '@polytask/components';
import type { Contexts, FeatureColumns } from '../features/layout.ts';
import type { Call } from '../layers/layer.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import type { NamedTensor } from '../storage/index.ts';
import { createFusionLevel, type FusionLevel, type FusionLevelDeclaration } from './fusion-level.ts';
import type { Lanes } from './lanes.ts';
import type { NetworkExplainer, NetworkTrainer } from './own-rules.ts';
import type { NetworkVariant } from '../variants/variants.ts';
import type { TiedBanks } from './tied-bank.ts';
import { lanesOf, expertPositions } from './units.ts';
import { termsOf } from './gate.ts';
import { expertsSeen } from './level-weights.ts';

export interface FusionOptions {
  /**
   * `one` (default): all lanes of the first level share one input. `own`: each lane has an input with its own embeddings
   * (STEM). A gate on the network's input then reads the input of the shared lane, or of the first lane if none is shared.
   */
  readonly inputs?: 'one' | 'own';
  /**
   * Computes the tasks' logits from the heads' logits, for tasks that depend on each other (ESMM). In training, `call.labels` has the
   * labels, for losses that go to `call.addLoss` (ESCM²).
   */
  readonly finish?: (logits: Logits, call: Call) => Logits;
  /** Heads of one output for `finish`, by a name with a dot, with the task whose vector each reads. Default: none. */
  readonly auxiliaryHeads?: Readonly<Record<string, string>>;
}

export interface NetworkBuildInputs {
  readonly store: ParameterStore;
  readonly tasks: readonly string[];
  readonly input: NetworkInput;
  readonly path: string;
}

/** Logits by task, [batch, 1] or [batch, classes] each. */
export type Logits = Readonly<Record<string, tf.Tensor2D>>;

/** The declaration of a network: its fusion levels, from the input up. */
export interface FusionDeclaration extends FusionOptions {
  readonly levels: readonly FusionLevelDeclaration[];
}

/**
 * Declares a network of these fusion levels. Without levels, each tower reads the network's input.
 *
 * @throws PolytaskError when an option is unknown
 * @example fusion([{ units: ownUnits(tasks), experts: mlp([64]), outputs: tasks, gate: softmaxGate() }])
 */
export function fusion(levels: readonly FusionLevelDeclaration[], options: FusionOptions = {}): FusionDeclaration {
  checkNames(options, ['inputs', 'finish', 'auxiliaryHeads'], 'fusion');
  return { levels, ...options };
}

/** An architecture as plain JSON; see {@link defineNetwork}. */
export type NetworkSpec<C = unknown> = Spec<'network', C>;

/** The function that declares the fusion levels for a configuration, the names of the tasks, and those of the schema's contexts. */
export type NetworkDefinition<C> = (
  config: C,
  tasks: readonly string[],
  contexts: readonly string[],
) => FusionDeclaration;

export interface DefineNetworkOptions<O extends object> extends Definition<O> {
  /** The network in comparisons, under its own name. `polytask list models` shows it and `--models` accepts it. */
  variant?: NetworkVariant<Written<O>>;
  /** The network in comparisons, under other names. */
  variants?: Readonly<Record<string, NetworkVariant<Written<O>>>>;
}

/**
 * Defines an architecture. Its function maps a configuration (plain JSON), and the names of the tasks and of the schema's contexts, to
 * fusion levels.
 *
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * // One level of experts that all tasks share, and a gate for each task: MMoE (KDD'18).
 * export const oneLevel = defineNetwork('one-level', ({ experts, pool }, tasks) =>
 *   fusion([{ units: poolUnits(pool), experts, outputs: tasks, gate: softmaxGate({ reads: 'raw' }) }]),
 *   { options: { experts: checks.component('expert'), pool: checks.wholeNumber(1) } },
 * );
 */
export const defineNetwork = <O extends object = Record<never, never>>(
  name: string,
  levels: NetworkDefinition<Read<O>>,
  definition?: DefineNetworkOptions<O>,
): Factory<'network', O> => define('network', name, levels, definition);

export type CompositeDefinition<C> = (config: C, place: NetworkBuildInputs) => Network;

export interface DefineCompositeOptions<O extends object> extends DefineNetworkOptions<O> {
  /** Trains the network in place of gradient descent. `fit` calls it. Default: the network is trained by gradients. */
  trainer?: NetworkTrainer<Read<O>>;
  /** Explains predictions exactly. `explainRows` calls it. Default: explanations run the network on many rows. */
  explainer?: NetworkExplainer<Read<O>>;
  /**
   * The configuration of a model that is trained further from the parameters of a trained one, whose axes have names. No parameters: of one
   * that starts anew. Without it, a network with a trainer can't be trained further.
   */
  grown?: (config: Read<O>, parameters: Readonly<Record<string, NamedTensor>>) => Read<O>;
  /** Whether its tasks share layers, as {@link sharesLayers} says of levels. Default: unknown. */
  sharesLayers?: boolean;
}

/**
 * Defines an architecture that is no sequence of levels: one of other networks, such as an ensemble, or one of trees.
 *
 * @param build builds the network, and those that it consists of with {@link createNetwork}
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * // Another network under a name of this program.
 * const renamed = defineCompositeNetwork('my-package/renamed', ({ network }, { store, tasks, input }) =>
 *   createNetwork(store, network, tasks, input),
 *   { options: { network: checks.component('network') } },
 * );
 */
export function defineCompositeNetwork<O extends object = Record<never, never>>(
  name: string,
  build: CompositeDefinition<Read<O>>,
  { trainer, explainer, grown, sharesLayers, ...about }: DefineCompositeOptions<O> = {},
): Factory<'network', O> {
  return define('network', name, { build, trainer, explainer, grown, sharesLayers }, about);
}

/** What the registry has of an architecture that is no sequence of levels; of all others it has their definition. */
interface Composite extends Pick<DefineCompositeOptions<object>, 'sharesLayers'> {
  readonly build: CompositeDefinition<unknown>;
  readonly trainer?: NetworkTrainer;
  readonly explainer?: NetworkExplainer;
  readonly grown?: DefineCompositeOptions<object>['grown'];
}

/** Undefined for an architecture of levels. */
function compositeOf(spec: NetworkSpec): Composite | undefined {
  const { builder } = resolve<NetworkDefinition<unknown> | Composite>(spec);
  return typeof builder === 'function' ? undefined : builder;
}

/** The function that trains an architecture in place of gradient descent; undefined for most. */
export const trainerOf = (spec: NetworkSpec): NetworkTrainer | undefined => compositeOf(spec)?.trainer;

/** The function that explains an architecture exactly; undefined for most. */
export const networkExplainer = (spec: NetworkSpec): NetworkExplainer | undefined => compositeOf(spec)?.explainer;

/** How the configuration of an architecture changes in a model that is trained further; undefined if it stays. */
export const growthOf = (spec: NetworkSpec): Composite['grown'] => compositeOf(spec)?.grown;

export interface Network {
  readonly levels: readonly FusionLevel[];
  /** The width of each task's vector. */
  readonly outputDim: number;
  /** Names of the lanes that the first level reads. */
  readonly inputLanes: readonly string[];
  /** The input of all lanes, or one input per lane → a vector [batch, outputDim] for each task. */
  apply(x: tf.Tensor2D | Lanes, call: Call): Lanes;
  /**
   * The vectors of {@link apply} from plain numbers, where loops are faster than tensors: trees. Measurements use it, and graphs don't.
   *
   * @param raw the input, row-major [batch × inputDim]
   * @returns by task: [batch × outputDim]
   */
  onHost?(raw: Float32Array, batch: number): Promise<ReadonlyMap<string, Float32Array>>;
  /** How many numbers it learned, if its parameters have room for more: the splits and leaves of trees. */
  learnedCount?(): Promise<number>;
  /** The heads' logits → the tasks'. Undefined where they are the same. */
  readonly finish?: FusionOptions['finish'];
  readonly auxiliaryHeads?: FusionOptions['auxiliaryHeads'];
}

/** The shape of a network's input: its width, the columns of each feature, and the contexts of the schema. */
export interface NetworkInput {
  readonly outputDim: number;
  readonly features?: ReadonlyMap<string, FeatureColumns> | undefined;
  readonly contexts?: Contexts | undefined;
  /** The number of members of the model. The rows of the input are those of each member, one after the other. Default 1. */
  readonly modelMembers?: number | undefined;
  /** Gives the number of outputs of a task's head, for a network that computes them itself. Default: 1. */
  readonly outputs?: ((task: string) => number) | undefined;
}

/** The levels of a network for these tasks and contexts. Undefined when it is no sequence of levels. */
export function fusionOf(
  spec: NetworkSpec,
  tasks: readonly string[],
  contexts: readonly string[] = [],
): FusionDeclaration | undefined {
  const { builder, config } = resolve<NetworkDefinition<unknown> | Composite>(spec);
  return typeof builder === 'function' ? checkMembersOf(spec, builder(config, tasks, contexts), ['levels']) : undefined;
}

/** Names of the lanes that hold the network's input. */
export const inputLanes = ({ levels }: FusionDeclaration, tasks: readonly string[]): string[] => {
  const first = levels[0];
  if (!first) return [...tasks];
  const { units, outputs, keeps = [], gateReads = {} } = first;
  return [...new Set([...units.flatMap(lanesOf), ...keeps, ...Object.values(gateReads).flat(), ...outputs])];
};

/**
 * Builds a network and its parameters.
 *
 * @param tasks names of the tasks, for each of which the last level must output a vector
 * @param path the prefix of the parameters' names. Default: none
 * @throws PolytaskError when the levels don't fit together, or the tasks' vectors are missing or differ in width
 * @example createNetwork(new ParameterStore(7), adatt({ levels: [{ experts: mlp([4]) }] }), ['a', 'b'], { outputDim: 8 })
 */
export function createNetwork(
  store: ParameterStore,
  spec: NetworkSpec,
  tasks: readonly string[],
  input: NetworkInput,
  path = '',
): Network {
  const { outputDim: rawDim, features, contexts, modelMembers } = input;
  const fused = fusionOf(spec, tasks, [...(contexts?.keys() ?? [])]);
  if (!fused) {
    const { builder, config } = resolve<Composite>(spec);
    return builder.build(config, { store, tasks, input, path });
  }
  const starts = inputLanes(fused, tasks);
  const tiedBanks: TiedBanks = new Map();
  const levels: FusionLevel[] = [];
  let lanes: ReadonlyMap<string, number> = new Map(starts.map((lane) => [lane, rawDim]));
  fused.levels.forEach((level, l) => {
    const built = createFusionLevel(store, {
      ...level,
      path: `${path}levels.${l}`,
      lanes,
      rawDim,
      features,
      contexts,
      modelMembers,
      isFirst: l === 0,
      tiedBanks,
    });
    levels.push(built);
    ({ lanes } = built);
  });
  const missing = tasks.find((task) => !lanes.has(task));
  if (missing !== undefined) {
    fail({
      expected: `the last level of "${spec.name}" to give a vector for each task`,
      received: `none for "${missing}"`,
      fix: 'Add it to the outputs of the last level.',
    });
  }
  const widths = [...new Set(tasks.map((task) => lanes.get(task)!))];
  if (widths.length > 1) {
    fail({
      expected: `"${spec.name}" to give tasks vectors of one width`,
      received: tasks.map((task) => `${lanes.get(task)!} for ${task}`).join(', '),
      fix: 'Give their experts one width.',
    });
  }
  const { finish, auxiliaryHeads } = fused;
  return {
    levels,
    outputDim: widths[0]!,
    inputLanes: starts,
    ...(finish && { finish, auxiliaryHeads }),
    apply: (x, call) => levels.reduce<Lanes>((before, level) => level.apply(before, call), startLanes(starts, x)),
  };
}

/** The lanes before the first level: `x` in each, or the vectors of a map. @example startLanes(network.inputLanes, x) */
export const startLanes = (lanes: readonly string[], x: tf.Tensor2D | Lanes): Lanes =>
  x instanceof Map ? (x as Lanes) : new Map(lanes.map((name) => [name, x as tf.Tensor2D]));

/** By lane: the experts that its vector comes from. */
type Sources = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Whether tasks share layers: an expert's output reaches two of them, or penalties tie their experts. The embeddings of the features don't
 * count, because separate networks share them, too. Nor do coupled outputs: see {@link couplesOutputs}.
 *
 * @param tasks names of the tasks
 * @param contexts names of the schema's contexts. Default: none
 * @returns undefined for an architecture that consists of other networks (`ensemble`), unless its definition says so
 * @throws PolytaskError when the network isn't defined, or its configuration doesn't fit
 * @example
 * sharesLayers(singleTask({ levels: [{ experts: mlp([64]) }] }), ['click', 'buy']); // false
 */
export function sharesLayers(
  spec: NetworkSpec,
  tasks: readonly string[],
  contexts: readonly string[] = [],
): boolean | undefined {
  const config = fusionOf(spec, tasks, contexts);
  if (!config) return compositeOf(spec)?.sharesLayers;
  if (config.levels.some(({ penalties = [] }) => penalties.length > 0)) return true;
  const start: Sources = new Map(inputLanes(config, tasks).map((lane) => [lane, new Set()]));
  const end = config.levels.reduce(after, start);
  const experts = tasks.flatMap((task) => [...(end.get(task) ?? [])]);
  return new Set(experts).size < experts.length;
}

/**
 * Whether the logits of some tasks depend on those of others, as in `esmm`, where P(buy) = P(click) · P(buy | click).
 *
 * @returns undefined as {@link sharesLayers} does
 * @throws PolytaskError as {@link sharesLayers} does
 * @example
 * couplesOutputs(esmm({ levels: [{ experts: mlp([64]) }], funnel: ['click', 'buy'] }), ['click', 'buy']); // true
 */
export function couplesOutputs(
  spec: NetworkSpec,
  tasks: readonly string[],
  contexts: readonly string[] = [],
): boolean | undefined {
  const config = fusionOf(spec, tasks, contexts);
  return config && config.finish !== undefined;
}

function after(lanes: Sources, level: FusionLevelDeclaration, l: number): Sources {
  const { units, outputs, gate, gateReads = {}, keeps = [], tied } = level;
  const of = (names: readonly string[]) => names.flatMap((lane) => [...(lanes.get(lane) ?? [])]);
  const places = expertPositions(units);
  const sources = places.map(({ unit, index }) => [
    tied ? `${tied.path}.${index}` : `levels.${l}.${unit}.${index}`,
    ...of(lanesOf(units.find(({ name }) => name === unit)!)),
  ]);
  const seen = termsOf(gate).map((term) => expertsSeen(term, outputs, places));
  const given = outputs.map((name, u): [string, Set<string>] => {
    const experts = sources.filter((_, e) => seen.some((visible) => visible[u]![e]));
    return [name, new Set([...experts.flat(), ...of(gateReads[name] ?? [name])])];
  });
  return new Map([...keeps.map((lane): [string, Set<string>] => [lane, new Set(of([lane]))]), ...given]);
}
