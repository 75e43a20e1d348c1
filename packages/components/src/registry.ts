import { fail, suggestion, shown } from './errors.ts';
import { checkNames, checkOptions, isObject, type Options } from './options.ts';
import { plainCopy } from './plain.ts';
import { VERSION } from './version.ts';

/**
 * The kinds of component: what a model is declared from, what trains it, what measures and records it, and what
 * reads its rows.
 */
export type ComponentKind =
  | 'expert'
  | 'gate'
  | 'network'
  | 'input'
  | 'pooling'
  | 'penalty'
  | 'loss'
  | 'calibration'
  | 'threshold'
  | 'task'
  | 'feature'
  | 'balancer'
  | 'optimizer'
  | 'schedule'
  | 'metric'
  | 'reader'
  | 'tracker';

/**
 * A component as plain JSON: its kind, its name and its configuration. Factories like `mlp([64])` return specs. A model is saved with
 * its specs, and a checkpoint with those of its training. The builder that is registered under the name creates the component.
 */
export interface Spec<K extends ComponentKind = ComponentKind, C = unknown> {
  readonly kind: K;
  readonly name: string;
  readonly config: C;
}

/** The description of a component, for catalogs, saved models and comparisons. */
export interface About {
  /** One line, such as `an affine map`. */
  readonly description?: string;
  /** The source: authors, venue, equation. */
  readonly paper?: string;
  /** The npm package that defines the component. `load` names it when a saved model's component is missing. */
  readonly package?: string;
  /** What comparisons build of it, by name: see {@link variantsOf}. */
  readonly variants?: Readonly<Record<string, object>>;
  /** The options that a factory fills in where they are left out. */
  readonly defaults?: object;
  /** One line for each option, by its name, such as `units` or `levels[].shared`. `polytask list` shows them. */
  readonly help?: Readonly<Record<string, string>>;
  /** The kinds of task that a loss is for. */
  readonly tasks?: readonly string[];
}

/** The kind and name of a component. */
export interface ComponentName {
  readonly kind: ComponentKind;
  readonly name: string;
}

interface Component {
  readonly builder: unknown;
  readonly options: Options<object> | undefined;
  readonly about: About;
  /** The copy of this package that defined it. */
  readonly core: CoreCopy;
}

interface CoreCopy {
  readonly version: string;
  readonly url: string;
}

const THIS_COPY: CoreCopy = { version: VERSION, url: import.meta.url };

/**
 * The registry is the program's, not the module's: a project can hold two copies of this package (after a patch release, say),
 * and a component that one copy defines must be found by the other.
 */
const components = shared('@polytask/components', () => new Map<string, Component>());

function shared<T>(name: string, make: () => T): T {
  const place = globalThis as { [key: symbol]: T | undefined };
  return (place[Symbol.for(name)] ??= make());
}

/** The options of definitions. Kinds of task, feature and metric describe themselves in the object of their builder. */
const ABOUT = ['options', 'description', 'paper', 'package', 'variants', 'defaults', 'help', 'tasks'];

/**
 * Registers the builder of a component under a name. `defineExpert`, `defineGate` and their like call it.
 * A definition that runs again replaces the first: a module can be loaded twice.
 *
 * @param options a check for each option of the configuration; without them, any configuration is accepted
 * @param about the component's description for lists
 * @returns a factory of specs
 * @throws PolytaskError when another package, or another file, has defined the name, or when `about` has an unknown key
 * @example register('expert', 'mine', definition, { units: checks.wholeNumber(1) }, { description: 'an affine map' })
 */
export function register<K extends ComponentKind, C>(
  kind: K,
  name: string,
  builder: unknown,
  options?: Options<C>,
  about: About = {},
): (config?: C) => Spec<K, C> {
  checkNames(about, [...ABOUT, ...Object.keys(Object(builder) as object)], name);
  const key = `${kind}:${name}`;
  const before = components.get(key);
  const owner = before?.about.package;
  if (before && (owner !== about.package || (!owner && textOf(before.builder) !== textOf(builder)))) {
    fail({
      expected: `a new name for the ${kind}`,
      received: `"${name}", which is taken${owner ? ` by ${owner}` : ''}`,
      fix: 'Choose another name, such as "my-package/name", or give the definition its `package`.',
    });
  }
  components.set(key, { builder, options, about, core: THIS_COPY });
  return (config = {} as C) => createSpec(kind, name, config);
}

/** A definition's source text: the same text twice is one definition that was loaded twice. */
const textOf = (builder: unknown): string => [builder, ...Object.values(Object(builder) as object)].map(String).join();

/**
 * Creates a spec with a checked copy of the configuration.
 *
 * @throws PolytaskError when an option is unknown, or has a value that doesn't fit or isn't plain JSON
 * @example createSpec('expert', 'mlp', { units: [64] })
 */
export function createSpec<K extends ComponentKind, C>(kind: K, name: string, config: C): Spec<K, C> {
  const options = components.get(`${kind}:${name}`)?.options;
  if (options) checkOptions(config, options, name);
  return { kind, name, config: plainCopy(config, name) };
}

/** What {@link define} takes beside the builder. */
export interface Definition<C> extends About {
  /** A check for each option of the configuration. Without them, any configuration is accepted. */
  readonly options?: Options<C>;
  /** The options that a user may leave out. */
  readonly defaults?: Partial<C>;
}

/**
 * Defines a component whose factory takes its configuration alone. `defineExpert`, `defineGate` and their like are the typed doors to it.
 *
 * @returns a factory of specs
 * @throws PolytaskError when another definition has the name; the factory throws when the configuration doesn't fit `options`
 * @example
 * const half = define('schedule', 'half', ({ start }) => start / 2, { options: { start: number() }, defaults: { start: 1 } });
 * half() // { kind: 'schedule', name: 'half', config: { start: 1 } }
 */
export function define<K extends ComponentKind, C extends object>(
  kind: K,
  name: string,
  builder: unknown,
  { options, ...about }: Definition<C> = {},
): (config?: Partial<C>) => Spec<K, C> {
  register(kind, name, builder, options, about);
  return (config = {}) => specOf(kind, name, config) as Spec<K, C>;
}

/**
 * Creates a spec as the factory of {@link define} does: with the defaults of the definition.
 *
 * @throws PolytaskError when an option is unknown, or has a value that doesn't fit or isn't plain JSON
 * @example specOf('balancer', 'famo', { decay: 0 }).config // { learningRate: 0.025, decay: 0 }
 */
export function specOf<K extends ComponentKind>(kind: K, name: string, config: object = {}): Spec<K, object> {
  const { defaults } = aboutOf(kind, name);
  if (!defaults || !isObject(config)) return createSpec(kind, name, config);
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  return createSpec(kind, name, { ...defaults, ...Object.fromEntries(given) });
}

/** Returns the builder of a spec. Throws when the name is not registered, or the configuration doesn't fit. */
export function builderOf<B>(spec: Spec): B {
  const { options, builder } = definedAs(spec);
  if (options) checkOptions(spec.config, options, spec.name);
  return builder as B;
}

/** The builder of a component, without a configuration. @throws PolytaskError when the name is not registered */
export const builderNamed = <B>(kind: ComponentKind, name: string): B => definedAs({ kind, name }).builder as B;

function definedAs(spec: ComponentName): Component {
  const component = components.get(`${spec.kind}:${spec.name}`);
  if (component === undefined) {
    fail({
      expected: `a known kind of ${spec.kind}`,
      received: `"${spec.name}"`,
      fix: `${suggestion(spec.name, registered(spec.kind))} Import the package or file that defines it first.`,
    });
  }
  checkCopies(spec, component.core);
  return component;
}

/** Throws where a component was defined with a copy of this package whose contract is another one. */
export function checkCopies({ kind, name }: Pick<Spec, 'kind' | 'name'>, core: CoreCopy): void {
  if (contractOf(core.version) === contractOf(VERSION)) return;
  fail({
    expected: `one copy of @polytask/components: ${kind} "${name}" has version ${core.version} (${core.url})`,
    received: `version ${VERSION} (${THIS_COPY.url}) for this program`,
    fix: 'Update what `npm ls @polytask/components` names.',
  });
}

/** Versions that agree in it understand one another: the major version, and the minor one below 1.0. */
const contractOf = (version: string): string | undefined => /^(0\.)?\d+/.exec(version)?.[0];

/**
 * The names of all components of a kind, in the order of their definition.
 *
 * @example registered('gate').includes('sum') // true
 */
export const registered = (kind: ComponentKind): string[] =>
  allComponents().flatMap((each) => (each.kind === kind ? each.name : []));

/**
 * The names and descriptions of all components of a kind, in the order of their definition.
 *
 * @example componentsOf('gate').find(({ name }) => name === 'sum')?.paper // Li et al., KDD 2023, eq. 11
 */
export const componentsOf = (kind: ComponentKind): (About & { readonly name: string })[] =>
  registered(kind).map((name) => {
    const { description, paper, package: packageName } = aboutOf(kind, name);
    return {
      name,
      ...(description !== undefined && { description }),
      ...(paper !== undefined && { paper }),
      ...(packageName !== undefined && { package: packageName }),
    };
  });

/**
 * All components of every kind, in the order of their definition, with the packages that define them.
 *
 * @example allComponents().filter((each) => each.package !== '@polytask/core')
 */
export const allComponents = (): (ComponentName & Pick<About, 'package'>)[] =>
  [...components].map(([key, { about }]) => {
    const [, kind, name] = /^(.+?):(.*)/s.exec(key) as unknown as [string, ComponentKind, string];
    return { kind, name, ...(about.package !== undefined && { package: about.package }) };
  });

/** The description of a component; empty when the component is not defined. */
export const aboutOf = (kind: ComponentKind, name: string): About => components.get(`${kind}:${name}`)?.about ?? {};

/** The check of each option of a component; undefined if any configuration is accepted. Kinds of task and feature have their own. */
export const optionsOf = (kind: ComponentKind, name: string): Options<object> | undefined =>
  components.get(`${kind}:${name}`)?.options;

/**
 * Returns the value if it is a spec of this kind, and throws otherwise, such as for options next to `config`. `where` names the value in
 * error messages.
 */
export function checkSpec<K extends ComponentKind>(kind: K, value: unknown, where: string): Spec<K> {
  const { kind: own, name, config: _, ...beside } = Object(value) as Partial<Spec>;
  const isSpec = own === kind && typeof name === 'string';
  const [option] = Object.keys(beside);
  if (isSpec && option === undefined) return value as Spec<K>;
  const names = registered(kind).slice(0, 5).join(', ');
  return fail({
    expected: `${/^[eio]/.test(kind) ? 'an' : 'a'} ${kind} for ${where}`,
    received: isSpec ? `"${option}" next to its config` : shown(value),
    fix:
      typeof value === 'function'
        ? `Call it: ${value.name || 'it'}(…).`
        : `Pass a spec, such as that of ${names}. In JSON: {"kind":"${kind}","name":"…","config":{…}}.`,
  });
}
