import { fail, suggestion, shown } from '../errors/errors.ts';
import { checkOptions, type Options } from './options.ts';
import { plainCopy } from './plain.ts';

/** The kinds of component that a model is declared from. */
export type ComponentKind = 'expert' | 'gate' | 'network' | 'input' | 'penalty';

/**
 * A component by name with its configuration: plain JSON, so that a model's declaration is what gets saved. Factories
 * like `mlp([64])` give them; a builder that was registered under the name makes the component.
 */
export interface Spec<K extends ComponentKind = ComponentKind, C = unknown> {
  readonly kind: K;
  readonly name: string;
  readonly config: C;
}

/** What a definition says of its component: catalogs, saved models and comparisons read it, and need no lists of their own. */
export interface About {
  /** In a line: `an affine map`. */
  readonly description?: string;
  /** Where it is from: authors, venue, equation. */
  readonly paper?: string;
  /** The npm package that defines it: `load` names it when a saved model's component is missing. */
  readonly package?: string;
}

interface Component {
  readonly builder: unknown;
  readonly options: Options<object> | undefined;
  readonly about: About;
}

const components = new Map<string, Component>();

/**
 * Makes a builder known under a name; a name can be taken once.
 *
 * @param options a check for each option of its configuration; without them any configuration is taken as it is
 * @param about what lists say of it
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

/** A spec with a checked copy of the configuration. Throws a PolytaskError on an unknown option or a value that doesn't fit. */
export function createSpec<K extends ComponentKind, C>(kind: K, name: string, config: C): Spec<K, C> {
  const options = components.get(`${kind}:${name}`)?.options;
  if (options) checkOptions(config, options, name);
  return { kind, name, config: plainCopy(config, name) };
}

/** The builder of a spec. Throws when nothing was registered under its name, or its configuration doesn't fit. */
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

/** The names of a kind, in the order of their definition. */
export const registered = (kind: ComponentKind): string[] =>
  [...components.keys()].filter((key) => key.startsWith(`${kind}:`)).map((key) => key.slice(kind.length + 1));

/** The components of a kind with what their definitions say of them, in the order of their definition. */
export const componentsOf = (kind: ComponentKind): (About & { readonly name: string })[] =>
  registered(kind).map((name) => {
    const { description, paper, package: from } = aboutOf(kind, name);
    return {
      name,
      ...(description !== undefined && { description }),
      ...(paper !== undefined && { paper }),
      ...(from !== undefined && { package: from }),
    };
  });

/** All that a definition says of its component; nothing where there is none. */
export const aboutOf = (kind: ComponentKind, name: string): About => components.get(`${kind}:${name}`)?.about ?? {};

/** Throws unless the value is a spec of the kind; `where` says where it was given. */
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
