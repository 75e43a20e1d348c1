import { fail } from '../errors/errors.ts';
import { aboutOf, createSpec, registered, type About } from '../specs/registry.ts';
import type { ExpertSpec } from './expert.ts';
import type { NetworkSpec } from './network.ts';

/** The size of a network in a comparison. All architectures get the same size and differ only in how tasks share. */
export interface NetworkSize {
  /** Names of the tasks. */
  readonly tasks: readonly string[];
  /** Width of the experts at each level. */
  readonly widths: readonly number[];
  /** The number of experts per level, own and shared together, where an architecture has this choice. */
  readonly experts: number;
  /** Creates an expert with one layer of each width, such as `mlp`. */
  expert(widths: readonly number[]): ExpertSpec;
}

/** A named architecture that can be built at any {@link NetworkSize}. */
export interface NetworkVariant<C> {
  /** Default: the architecture's own. */
  readonly description?: string;
  /** Default: the architecture's own. */
  readonly paper?: string;
  /** A second name for the variant. */
  readonly alias?: string;
  /** True: a comparison trains the variant only when you name it. Default false. */
  readonly onlyNamed?: boolean;
  /**
   * Returns the configuration for a size.
   *
   * @throws PolytaskError when the size doesn't fit these tasks
   */
  config(size: NetworkSize): C;
}

/** Variants by name. */
export type NetworkVariants<C> = Readonly<Record<string, NetworkVariant<C>>>;

/** A variant with its name, which creates the network's spec. */
export interface NamedVariant extends Omit<NetworkVariant<unknown>, 'config'> {
  readonly name: string;
  readonly description: string;
  network(size: NetworkSize): NetworkSpec;
}

/**
 * The variants of all defined architectures, in the order of their definition.
 *
 * @example networkVariants().map(({ name }) => name) // with '@polytask/adatt' imported: ['adatt-sp', 'adatt']
 */
export const networkVariants = (): NamedVariant[] =>
  registered('network').flatMap((network) => {
    const about: About & { variants?: NetworkVariants<unknown> } = aboutOf('network', network);
    const { description = '', paper } = about;
    return Object.entries(about.variants ?? {}).map(([name, { config, ...variant }]) => ({
      description,
      ...(paper !== undefined && { paper }),
      ...variant,
      name,
      network: (size: NetworkSize) => createSpec('network', network, config(size)),
    }));
  });

/** Throws when the name or the alias of a variant is taken. */
export function checkVariants(network: string, variants: NetworkVariants<unknown>): void {
  const existingNames = new Set(networkVariants().flatMap(({ name, alias = name }) => [name, alias]));
  for (const [name, { alias = name }] of Object.entries(variants)) {
    if (!existingNames.has(name) && !existingNames.has(alias)) continue;
    fail({
      expected: `a new name for each variant of "${network}"`,
      received: `"${existingNames.has(name) ? name : alias}", which is taken`,
      mend: 'Choose another name.',
    });
  }
}

/**
 * Creates the configuration of one level per width, with experts of one layer.
 *
 * @param rest further options of each level
 * @example levelsOf(size, { pool: size.experts }) // [{ experts: mlp([64]), pool: 6 }, …]
 */
export const levelsOf = <E extends object = object>(size: NetworkSize, rest?: E) =>
  size.widths.map((width) => ({ experts: size.expert([width]), ...(rest as E) }));

/**
 * Divides the experts of a level into own and shared ones: about half go to the tasks, evenly, and the rest are shared.
 * With three tasks, six experts are one per task and three shared; nine are two per task and three shared.
 *
 * @throws PolytaskError when no expert would be left to share
 * @example withShared({ tasks: ['a', 'b', 'c'], experts: 6, widths: [], expert: mlp }) // { perTask: 1, shared: 3 }
 */
export function withShared({ experts, tasks: { length: tasks } }: NetworkSize): { perTask: number; shared: number } {
  const perTask = Math.max(1, Math.round(experts / (2 * tasks)));
  const shared = experts - tasks * perTask;
  if (shared < 1) {
    fail({
      expected: `at least ${tasks + 1} experts a level: one for each of ${tasks} tasks and a shared one`,
      received: String(experts),
      mend: 'Raise experts in the size of the models.',
    });
  }
  return { perTask, shared };
}

/**
 * Divides the experts of a level evenly among the tasks, for a model without shared experts.
 *
 * @throws PolytaskError when the number of experts is not a multiple of the number of tasks
 * @example withoutShared({ tasks: ['a', 'b', 'c'], experts: 6, widths: [], expert: mlp }) // { perTask: 2 }
 */
export function withoutShared({ experts, tasks: { length: tasks } }: NetworkSize): { perTask: number } {
  if (experts < tasks || experts % tasks !== 0) {
    fail({
      expected: `a number of experts a level that ${tasks} tasks can share out evenly`,
      received: String(experts),
      mend: `Take ${Math.max(1, Math.round(experts / tasks)) * tasks}.`,
    });
  }
  return { perTask: experts / tasks };
}
