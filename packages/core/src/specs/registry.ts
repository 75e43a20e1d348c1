import { fail, suggestion, shown } from '../errors/errors.ts';
import { checkOptions, type Options } from './options.ts';
import { plainCopy } from './plain.ts';

/** The kinds of component that a model is declared from. */
export type ComponentKind = 'expert' | 'gate' | 'network' | 'input' | 'penalty';

/**
 * A component as plain JSON: its kind, its name and its configuration. Factories like `mlp([64])` return specs, and a model
 * is saved with its specs. The builder that is registered under the name creates the component.
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
}

interface Component {
  readonly builder: unknown;
  readonly options: Options<object> | undefined;
  readonly about: About;
}

const components = new Map<string, Component>();

/**
 * Registers the builder of a component under a name. `defineExpert`, `defineGate` and their like call it.
 *
 * @param options a check for each option of the configuration; without them, any configuration is accepted
 * @param about the component's description for lists
 * @throws PolytaskError when the name is taken
 * @example register('expert', 'mine', definition, { units: checks.wholeNumber(1) }, { description: 'an affine map' })
 */
export function register<C>(
  kind: ComponentKind,
  name: string,
  builder: unknown,
  options?: Options<C>,
  about: About = {},
): void {
  const key = `${kind}:${name}`;
  if (components.has(key)) {
    fail({
      expected: `a new name for the ${kind}`,
      received: `"${name}", which is taken`,
      mend: 'Choose another name, or define it once and import it.',
    });
  }
  components.set(key, { builder, options, about });
}

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

/** Returns the builder of a spec. Throws when the name is not registered, or the configuration doesn't fit. */
export function builderOf<B>(spec: Spec): B {
  const component = components.get(`${spec.kind}:${spec.name}`);
  if (component === undefined) {
    fail({
      expected: `a known ${spec.kind}`,
      received: `"${spec.name}"`,
      mend: `${suggestion(spec.name, registered(spec.kind))} Import the package or file that defines it first.`,
    });
  }
  if (component.options) checkOptions(spec.config, component.options, spec.name);
  return component.builder as B;
}

/**
 * The names of all components of a kind, in the order of their definition.
 *
 * @example registered('gate').includes('sum') // true
 */
export const registered = (kind: ComponentKind): string[] =>
  [...components.keys()].filter((key) => key.startsWith(`${kind}:`)).map((key) => key.slice(kind.length + 1));

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

/** The description of a component; empty when the component is not defined. */
export const aboutOf = (kind: ComponentKind, name: string): About => components.get(`${kind}:${name}`)?.about ?? {};

/** Throws unless the value is a spec of this kind. `where` names the value in error messages. */
export function checkSpec(kind: ComponentKind, value: unknown, where: string): void {
  const spec = value as Partial<Spec> | undefined;
  if (typeof spec !== 'object' || spec === null || spec.kind !== kind || typeof spec.name !== 'string') {
    fail({
      expected: `${kind === 'expert' || kind === 'input' ? 'an' : 'a'} ${kind} for ${where}`,
      received: shown(value),
      mend: typeof value === 'function' ? 'Call it: mlp([64]), softmaxGate().' : `Pass one, such as ${SAMPLES[kind]}.`,
    });
  }
}

const SAMPLES: Record<ComponentKind, string> = {
  expert: 'mlp([64])',
  gate: 'softmaxGate()',
  network: 'adatt({ levels: […] })',
  input: 'embed({ dimension: 8 })',
  penalty: 'orthogonality({ weight: 0.01 })',
};
