import { fail } from '../errors/errors.ts';
import { aboutOf, createSpec, registered, type About } from '../specs/registry.ts';
import type { ExpertSpec } from './expert.ts';
import type { NetworkSpec } from './network.ts';

/** The size that a comparison gives every architecture, so that they differ only in how tasks share. */
export interface NetworkSize {
  readonly tasks: readonly string[];
  /** Width of the experts, level by level. */
  readonly widths: readonly number[];
  /** Experts a level in all, tasks' own and shared ones, of the architectures that have a choice. */
  readonly experts: number;
  /** An expert with a layer of each width, such as `mlp`. */
  expert(widths: readonly number[]): ExpertSpec;
}

/** An architecture at any {@link NetworkSize}: what a list of models offers by name. */
export interface NetworkVariant<C> {
  /** Default: the architecture's own. */
  readonly description?: string;
  /** Default: the architecture's own. */
  readonly paper?: string;
  /** Another name that finds it. */
  readonly alias?: string;
  /** True: a comparison trains it only when it is named. Default false. */
  readonly onlyNamed?: boolean;
  /**
   * Its configuration at a size.
   *
   * @throws PolytaskError when the size can't be met for these tasks
   */
  config(size: NetworkSize): C;
}

export type NetworkVariants<C> = Readonly<Record<string, NetworkVariant<C>>>;

/** A variant with its name, that makes the network. */
export interface NamedVariant extends Omit<NetworkVariant<unknown>, 'config'> {
  readonly name: string;
  readonly description: string;
  network(size: NetworkSize): NetworkSpec;
}

/**
 * The variants of all architectures that are defined, in the order of their definition.
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

/** Throws when a variant's name, or its alias, is taken. */
export function checkVariants(network: string, variants: NetworkVariants<unknown>): void {
  const taken = new Set(networkVariants().flatMap(({ name, alias = name }) => [name, alias]));
  for (const [name, { alias = name }] of Object.entries(variants)) {
    if (!taken.has(name) && !taken.has(alias)) continue;
    fail({
      expected: `a new name for each variant of "${network}"`,
      received: `"${taken.has(name) ? name : alias}", which is taken`,
      mend: 'Choose another name.',
    });
  }
}

/** A level for each width, with experts of one layer. */
export const levelsOf = <E extends object = object>(size: NetworkSize, rest?: E) =>
  size.widths.map((width) => ({ experts: size.expert([width]), ...(rest as E) }));

/**
 * How a level's experts are shared out where a model has shared ones: half to the tasks, evenly, and the rest shared.
 * Six experts for three tasks are one each and three shared; nine are two each and three shared.
 *
 * @throws PolytaskError when there are fewer experts than tasks and one
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
 * The same number of experts for each task, where a model has none that are shared.
 *
 * @throws PolytaskError when the tasks can't share them out evenly
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
