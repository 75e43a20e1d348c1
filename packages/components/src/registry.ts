import { fail, suggestion, shown } from './errors.ts';
import { checkMembers, checkNames, readOptions, type Args, type Described, type Read } from './options.ts';
import { VERSION } from './version.ts';

/** The kinds of component: the parts of a model, of its training and measurement, and readers and trackers. */
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
  | 'label'
  | 'prediction'
  | 'feature'
  | 'balancer'
  | 'optimizer'
  | 'schedule'
  | 'search'
  | 'metric'
  | 'reader'
  | 'tracker';

/**
 * A component as plain JSON, as factories like `mlp([64])` return it. Models are saved with their specs, and checkpoints with those of their
 * training.
 */
export interface Spec<K extends ComponentKind = ComponentKind, C = unknown> {
  readonly kind: K;
  readonly name: string;
  readonly config: C;
}

/** The description of a component, for catalogs, saved models and comparisons. */
export interface About {
  /** Other names by which commands find it, such as the abbreviation of its paper. Nothing is saved under them. */
  readonly also?: readonly string[];
  /** One line, such as `an affine map`. */
  readonly description?: string;
  /** The source: authors, venue, equation. */
  readonly paper?: string;
  /** The npm package that defines the component. `load` names it when a saved model's component is missing. */
  readonly package?: string;
  /** What comparisons build of it under its own name: see {@link variantsOf}. */
  readonly variant?: object;
  /** What they build of it under other names, or under several. */
  readonly variants?: Readonly<Record<string, object>>;
  /** One line for each option of a component in JavaScript, by its name, such as `units` or `levels[].shared`: it has no docstrings. */
  readonly help?: Readonly<Record<string, string>>;
  /** The kinds of task that a loss is for. */
  readonly tasks?: readonly string[];
  /** Configurations with which the conformance kit tests a component whose options haven't all defaults. Default: its variants. */
  readonly examples?: readonly ComponentExample[];
  /** What it promises beyond the contract of its kind, always or by configuration. */
  readonly traits?: Traits | ((config: never) => Traits);
}

/** A configuration that is tested, and the options of the kind's test: the `values` of a feature, the `file` and `rows` of a reader. */
export interface ComponentExample {
  /** Default: the defaults. */
  readonly config?: object;
  readonly [option: string]: unknown;
}

/** What a component promises beyond the contract of its kind. The conformance kit checks each. */
export interface Traits {
  /** A gate: the weights of a unit are 0 or more, and sum to 1. */
  readonly normalized?: boolean;
  /** Its gradient is an estimate on purpose (straight-through, reversed, stopped), and not the slope of its outputs. */
  readonly estimated?: boolean;
  /** Its parameters start alike from every seed. */
  readonly fixedStart?: boolean;
  /** It may differ between training and predicting without drawing random numbers, as batch statistics do. */
  readonly trainsOtherwise?: boolean;
  /** Its result depends on the order of the tasks, as a part that goes by the places of experts does. */
  readonly ordered?: boolean;
  /** A balancer: a task alone gets a multiple of its gradient. */
  readonly rescaling?: boolean;
  /** A balancer: a loss times a number leaves the direction as it is. */
  readonly scaleInvariant?: boolean;
  /** A search: it tries every combination of choices, so nobody says how many configurations it tries. */
  readonly exhaustive?: boolean;
}

const TRAITS =
  /* @__PURE__ */ 'normalized estimated fixedStart trainsOtherwise ordered rescaling scaleInvariant exhaustive'.split(
    ' ',
  );

export interface ComponentName {
  readonly kind: ComponentKind;
  readonly name: string;
}

interface Component extends ComponentName {
  readonly builder: unknown;
  readonly options: Described;
  readonly about: About;
  /** The package that defined it, or else the call. */
  readonly place: string;
  /** The copy of this package that defined it. */
  readonly core: CoreCopy;
}

interface CoreCopy {
  readonly version: string;
  readonly url: string;
}

const thisCopy = (): CoreCopy => ({ version: VERSION, url: import.meta.url });

/** The program's, not the module's: what one copy of this package defines must be found by another. */
const components = /* @__PURE__ */ (() =>
  ((globalThis as { [key: symbol]: Map<string, Component> | undefined })[Symbol.for('@polytask/components')] ??=
    new Map()))();

/** The options of definitions. Kinds of task, feature and metric describe themselves in the object of their builder. */
const ABOUT =
  /* @__PURE__ */ 'also options description paper package variant variants help tasks examples traits'.split(' ');

/** What {@link define} takes beside the builder. */
export interface Definition<O extends object> extends About {
  /** The options of the configuration. Default: none. Kinds of task and feature have theirs in the builder. */
  readonly options?: O;
}

export type Factory<K extends ComponentKind, O> = (...config: Args<O>) => Spec<K, Read<O>>;

/** {@link checkMembers} of what a component's definition has, or its builder returns. */
export const checkMembersOf = <T>({ kind, name }: ComponentName, value: T, members: readonly string[]): T =>
  checkMembers(value, members, `the ${kind} "${name}"`);

/**
 * Defines a component. `defineExpert`, `defineGate` and their like call it. If a module is loaded again, its definitions replace the earlier ones.
 *
 * @param members what the builder must have
 * @returns a factory of specs
 * @throws PolytaskError when another package, or another call, has defined the name, when the definition has an unknown key, and when the
 *   builder lacks a member; the factory throws when the configuration doesn't fit `options`
 * @example
 * const options = { start: optional(positive, 1) };
 * const half = define('schedule', 'half', ({ start }) => start / 2, { options });
 * half() // { kind: 'schedule', name: 'half', config: { start: 1 } }
 */
export function define<K extends ComponentKind, O extends object = Record<never, never>>(
  kind: K,
  name: string,
  builder: unknown,
  { options, ...about }: Definition<O> = {},
  members: readonly string[] = [],
): Factory<K, O> {
  checkNames(about, [...ABOUT, ...Object.keys(Object(builder) as object)], name);
  checkMembersOf({ kind, name }, builder, members);
  const key = `${kind}:${name}`;
  const [before, place] = [components.get(key), about.package ?? placeOfCall()];
  const isReloaded = before?.place === place && (about.package !== undefined || !justDefined.has(key));
  if (before && !isReloaded) {
    const owner = before.about.package;
    fail({
      expected: `a new name for the ${kind}`,
      received: `"${name}", which is taken${owner ? ` by ${owner}` : ''}`,
      fix: 'Choose another name, or give the definition its `package`.',
    });
  }
  if (justDefined.size === 0) void Promise.resolve().then(() => justDefined.clear());
  justDefined.add(key);
  components.set(key, { kind, name, builder, options: (options ?? {}) as Described, about, place, core: thisCopy() });
  return defining(kind, name, (config: object = {}) => createSpec(kind, name, config)) as Factory<K, O>;
}

/**
 * A function such as {@link define} or `defineExpert` whose definitions are all of one package.
 *
 * @example const defineOwn = definedIn('@polytask/baselines', defineNetwork);
 */
export const definedIn = <F extends (name: string, builder: never, definition: never) => unknown>(
  packageName: string,
  definer: F,
): F =>
  ((name: string, builder: never, definition?: object) =>
    definer(name, builder, { package: packageName, ...definition } as never)) as unknown as F;

/** The component that an export of a package defines. The property has one name for all copies of this package. */
const DEFINED = Symbol.for('@polytask/components/defined');

/** Lets {@link definedBy} find a component by what its definition returns: a factory, or the component itself. */
export const defining = <T extends object>(kind: ComponentKind, name: string, returned: T): T =>
  Object.defineProperty(returned, DEFINED, { value: { kind, name } });

/** The component that a value was returned for by its definition, such as an export of a package. Undefined for all other values. */
export const definedBy = (value: unknown): ComponentName | undefined =>
  (Object(value) as { readonly [DEFINED]?: ComponentName })[DEFINED];

/** What was defined since a module began to run: loading it again comes later, and a loop doesn't. */
const justDefined = new Set<string>();

/** Where a module calls `define`: the first frame without a name, whoever loads the module, also as `file.js?v=2`. */
const placeOfCall = (): string =>
  String(new Error().stack)
    .split('\n')
    .find((frame, i) => i > 0 && (!frame.includes(' (') || frame.includes('<anonymous>')))
    ?.replace(/\?[^:)]*/, '') ?? '';

/**
 * Creates a spec as the component's factory does: with a checked copy of the configuration, and defaults.
 *
 * @throws PolytaskError when the name is not registered, or an option is unknown, doesn't fit or isn't plain JSON
 * @example createSpec('balancer', 'famo', { decay: 0 }).config // { learningRate: 0.025, decay: 0 }
 */
export function createSpec<K extends ComponentKind>(kind: K, name: string, config: object = {}): Spec<K, object> {
  const { options } = definedAs({ kind, name });
  return { kind, name, config: plainCopy(readOptions(config, options, name), name) };
}

/** The builder of a spec, and its configuration with defaults. @throws PolytaskError as {@link createSpec} does */
export function resolve<B, C = object>(spec: Spec, where = spec.name): { readonly builder: B; readonly config: C } {
  const { options, builder } = definedAs(spec);
  return { builder: builder as B, config: readOptions(spec.config, options, where) as C };
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
    received: `version ${VERSION} (${thisCopy().url}) for this program`,
    fix: 'Update what `npm ls @polytask/components` names.',
  });
}

/** Versions that agree in it understand one another: the major version, and the minor one below 1.0. */
const contractOf = (version: string): string | undefined => /^(0\.)?\d+/.exec(version)?.[0];

/** The names of all components of a kind, in the order of their definition. @example registered('gate').includes('sum') // true */
export const registered = (kind: ComponentKind): string[] =>
  [...components.keys()].flatMap((key) => (key.startsWith(`${kind}:`) ? key.slice(kind.length + 1) : []));

const LISTED = ['also', 'description', 'paper', 'package'];

/**
 * The names and descriptions of all components of a kind, in the order of their definition.
 *
 * @example componentsOf('gate').find(({ name }) => name === 'sum')?.paper // Li et al., KDD 2023, eq. 11
 */
export const componentsOf = (kind: ComponentKind): (About & { readonly name: string })[] =>
  registered(kind).map((name) => {
    const about = Object.entries(aboutOf(kind, name));
    return { name, ...Object.fromEntries(about.filter(([key, value]) => LISTED.includes(key) && value !== undefined)) };
  });

/**
 * All components of every kind, in the order of their definition, with the packages that define them.
 *
 * @example allComponents().filter((each) => each.package !== '@polytask/core')
 */
export const allComponents = (): (ComponentName & { readonly package: string | undefined })[] =>
  [...components.values()].map(({ kind, name, about }) => ({ kind, name, package: about.package }));

/** The description of a component; empty when the component is not defined. */
export const aboutOf = (kind: ComponentKind, name: string): About => components.get(`${kind}:${name}`)?.about ?? {};

/**
 * What a component promises beyond the contract of its kind.
 *
 * @throws PolytaskError for a trait that there isn't
 * @example traitsOf(softmaxGate()).normalized // true
 */
export function traitsOf(spec: Spec): Traits {
  const { traits = {} } = definedAs(spec).about;
  const own = typeof traits === 'function' ? traits(resolve(spec).config as never) : traits;
  checkNames(own, TRAITS, `${spec.name}.traits`);
  return own;
}

/**
 * Whether something is called by a name: its own, or one that it is also known by, in any letter case and with or without `-` and `_`.
 *
 * @example isCalled({ name: 'nash-mtl' }, 'Nash_MTL') // true
 */
export const isCalled = (
  { name, also = [] }: Pick<About, 'also'> & { readonly name: string },
  called: string,
): boolean => [name, ...also].some((each) => plainName(each) === plainName(called));

const plainName = (name: string): string => name.toLowerCase().replaceAll(/[-_]/g, '');

/**
 * The name under which a component is defined, of any name that it is called by. A name that nothing is called by stays as it is.
 *
 * @example standardName('loss', 'bce') // 'binary-cross-entropy'
 */
export const standardName = (kind: ComponentKind, called: string): string =>
  components.has(`${kind}:${called}`)
    ? called
    : (registered(kind).find((name) => isCalled({ ...aboutOf(kind, name), name }, called)) ?? called);

/** The options of a component; undefined if it isn't defined. */
export const optionsOf = (kind: ComponentKind, name: string): Described | undefined =>
  components.get(`${kind}:${name}`)?.options;

/** Reads a spec of this kind, with defaults. @throws PolytaskError for another value, or options next to `config`, and as {@link createSpec} does */
export function checkSpec<K extends ComponentKind>(kind: K, value: unknown, where: string): Spec<K> {
  const { kind: own, name, config, ...beside } = Object(value) as Partial<Spec>;
  const isSpec = own === kind && typeof name === 'string';
  const [option] = Object.keys(beside);
  if (isSpec && option === undefined) return createSpec(kind, name, config as object);
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

/**
 * Copies a configuration of plain JSON, without members that are undefined, so that later changes of the original have no effect.
 *
 * @throws PolytaskError on a function, NaN, infinity, a typed array or any other object that JSON would change silently
 */
export function plainCopy<T>(value: T, where: string): T;
export function plainCopy(value: unknown, where: string): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((entry, i) => plainCopy(entry, `${where}[${i}]`));
  const prototype: unknown = typeof value === 'object' && Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    const members = Object.entries(value as object).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([name, member]) => [name, plainCopy(member, `${where}.${name}`)]));
  }
  return fail({
    expected: `plain JSON for ${where}, because it is saved with the model`,
    received: typeof value === 'object' ? `a ${value.constructor.name}` : shown(value),
    fix: 'Pass plain JSON: a name in place of a function.',
  });
}
