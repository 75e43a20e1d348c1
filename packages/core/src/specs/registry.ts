import { fail, suggestion } from '../errors/errors.ts';

/** The kinds of component that a model is declared from. */
export type ComponentKind = 'expert' | 'gate' | 'network' | 'input';

/**
 * A component by name with its configuration: plain JSON, so that a model's declaration is what gets saved. Factories
 * like `mlp([64])` give them; a builder that was registered under the name makes the component.
 */
export interface Spec<K extends ComponentKind = ComponentKind, C = unknown> {
  readonly kind: K;
  readonly name: string;
  readonly config: C;
}

const builders = new Map<string, unknown>();

/** Makes a builder known under a name; a name can be taken once. */
export function register(kind: ComponentKind, name: string, builder: unknown): void {
  const key = `${kind}:${name}`;
  if (builders.has(key)) {
    fail({
      expected: `a new name for the ${kind}`,
      received: `"${name}", which is taken`,
      mend: 'Choose another name, or define it once and import it.',
    });
  }
  builders.set(key, builder);
}

/** The builder of a spec. Throws when nothing was registered under its name. */
export function builderOf<B>(spec: Spec): B {
  const builder = builders.get(`${spec.kind}:${spec.name}`);
  if (builder === undefined) {
    fail({
      expected: `a known ${spec.kind}`,
      received: `"${spec.name}"`,
      mend: `${suggestion(spec.name, registered(spec.kind))} Import the package or file that defines it first.`,
    });
  }
  return builder as B;
}

/** The names of a kind, in the order of their definition. */
export const registered = (kind: ComponentKind): string[] =>
  [...builders.keys()].filter((key) => key.startsWith(`${kind}:`)).map((key) => key.slice(kind.length + 1));

/** Throws unless the value is a spec of the kind; `where` says where it was given. */
export function checkSpec(kind: ComponentKind, value: unknown, where: string): void {
  const spec = value as Partial<Spec> | undefined;
  if (typeof spec !== 'object' || spec === null || spec.kind !== kind || typeof spec.name !== 'string') {
    fail({
      expected: `${kind === 'expert' || kind === 'input' ? 'an' : 'a'} ${kind} for ${where}`,
      received: typeof value === 'function' ? 'a function' : JSON.stringify(value) ?? 'undefined',
      mend: typeof value === 'function' ? 'Call it: mlp([64]), softmaxGate().' : `Pass one, such as ${SAMPLES[kind]}.`,
    });
  }
}

const SAMPLES: Record<ComponentKind, string> = {
  expert: 'mlp([64])',
  gate: 'softmaxGate()',
  network: 'adatt({ levels: […] })',
  input: 'embed({ dimension: 8 })',
};
