import { createSpec, fail, variantsOf, type Listed, type Spec } from '@polytask/components';

type ExpertSpec = Spec<'expert'>;
type GateSpec = Spec<'gate'>;
type Described = Partial<Pick<Listed, 'description' | 'paper' | 'also'>>;

/** The size of a network in a comparison. All architectures get the same size and differ only in how tasks share. */
export interface NetworkSize {
  readonly tasks: readonly string[];
  /** Names of the schema's contexts, for an architecture that needs one. Default: none. */
  readonly contexts?: readonly string[] | undefined;
  /** Width of the experts at each level. */
  readonly widths: readonly number[];
  /** The number of experts per level, own and shared together, where an architecture has this choice. */
  readonly experts: number;
  /** Creates an expert with one layer of each width, such as `mlp`. */
  expert(widths: readonly number[]): ExpertSpec;
  /** Creates the gate that a comparison chose. Undefined: each architecture has its own. @param reads what that one reads */
  gate?: ((reads: 'unit' | 'raw') => GateSpec) | undefined;
}

/** A named architecture that can be built at any {@link NetworkSize}. The description and paper are the architecture's own by default. */
export interface NetworkVariant<C = object> extends Described {
  /** One sentence: the end of "Use it when …". */
  readonly useWhen?: string;
  /** True: a comparison trains the variant only when you name it. Default false. */
  readonly onlyNamed?: boolean;
  /** True: the schema must have a context. Default false. */
  readonly needsContext?: boolean;
  /** Returns the configuration for a size. @throws PolytaskError when the size doesn't fit these tasks */
  config(size: NetworkSize): C;
}

export type NamedVariant = ReturnType<typeof networkVariants>[number];

/** An expert that comparisons can put into any architecture. */
export interface ExpertVariant<C = object> extends Described {
  /** Returns the configuration of one layer, [batch, inputDim] → [batch, width]. */
  layer(width: number): C;
  /** Returns the configuration of an expert with a layer of each width. Default: a sequence of layers. */
  layers?(widths: readonly number[]): C;
}

export type NamedExpertVariant = ReturnType<typeof expertVariants>[number];

/** A gate that comparisons can put into any architecture with a gate of its choice. */
export interface GateVariant<C = object> extends Described {
  /** Returns the configuration of the gate. @param reads the input that the architecture's own gate reads */
  config(reads: 'unit' | 'raw'): C;
}

export type NamedGateVariant = ReturnType<typeof gateVariants>[number];

/** The architectures that comparisons know by name, in the order of their definition. */
export const networkVariants = () =>
  variantsOf<NetworkVariant>('network').map(({ component, config, ...variant }) => ({
    ...variant,
    network: (size: NetworkSize) => createSpec('network', component, config(size)),
  }));

/** The experts that comparisons know by name, in the order of their definition. */
export const expertVariants = () =>
  variantsOf<ExpertVariant>('expert').map(({ layer, layers, ...variant }) => ({
    ...variant,
    layer: (width: number) => createSpec('expert', variant.component, layer(width)),
    ...(layers && { layers: (widths: readonly number[]) => createSpec('expert', variant.component, layers(widths)) }),
  }));

/** The gates that comparisons know by name, in the order of their definition. */
export const gateVariants = () =>
  variantsOf<GateVariant>('gate').map(({ config, ...variant }) => ({
    ...variant,
    gate: (reads: 'unit' | 'raw') => createSpec('gate', variant.component, config(reads)),
  }));

/**
 * The configuration of one level per width, with experts of one layer.
 *
 * @param reads what the architecture's own gate reads, if a comparison may put another gate in its place
 * @example levelsOf(size, { pool: size.experts }, 'raw') // [{ experts: mlp([64]), pool: 6 }, …]
 */
export const levelsOf = <E extends object = object>(size: NetworkSize, rest?: E, reads?: 'unit' | 'raw') =>
  size.widths.map((width) => ({ experts: size.expert([width]), ...(rest as E), ...(reads && gateOf(size, reads)) }));

/** The gate of a level, where a comparison chose one; nothing otherwise. @param reads what the architecture's own gate reads */
export const gateOf = ({ gate }: NetworkSize, reads: 'unit' | 'raw'): { gate?: GateSpec } =>
  gate ? { gate: gate(reads) } : {};

/**
 * Divides the experts of a level into own and shared ones: about half go to the tasks, evenly, and the rest are shared.
 *
 * @throws PolytaskError when no expert would be left to share
 * @example withShared({ tasks: ['a', 'b', 'c'], experts: 6, widths: [], expert: mlp }) // { perTask: 1, shared: 3 }
 */
export function withShared({ experts, tasks: { length: tasks } }: NetworkSize): { perTask: number; shared: number } {
  const perTask = Math.max(1, Math.round(experts / (2 * tasks)));
  const shared = experts - tasks * perTask;
  if (shared < 1) {
    fail({
      expected: `at least ${tasks + 1} experts per level: one for each of ${tasks} tasks and a shared one`,
      received: String(experts),
      fix: 'Raise experts in the size of the models.',
    });
  }
  return { perTask, shared };
}

/**
 * Divides the experts of a level evenly among the tasks. @example withoutShared({ tasks: ['a', 'b', 'c'], experts: 6, … }) // { perTask: 2 }
 *
 * @throws PolytaskError when the number of experts is not a multiple of the number of tasks
 */
export function withoutShared({ experts, tasks: { length: tasks } }: NetworkSize): { perTask: number } {
  if (experts < tasks || experts % tasks !== 0) {
    fail({
      expected: `a multiple of ${tasks} experts per level`,
      received: String(experts),
      fix: `Take ${Math.max(1, Math.round(experts / tasks)) * tasks}.`,
    });
  }
  return { perTask: experts / tasks };
}
