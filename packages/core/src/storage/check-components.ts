import { fail } from '../errors/errors.ts';
import { aboutOf, registered, type ComponentKind } from '../specs/registry.ts';

const KINDS: ReadonlySet<unknown> = new Set<ComponentKind>(['expert', 'gate', 'network', 'input', 'penalty']);

/** Package names by component, such as `expert mlp`: a saved model has them, so that `load` can say what to import. */
export type ComponentPackages = Readonly<Record<string, string>>;

interface Component {
  readonly kind: ComponentKind;
  readonly name: string;
}

/** The packages of all components of a model that name theirs. */
export const packagesOf = (config: object): ComponentPackages =>
  Object.fromEntries(
    usedIn(config).flatMap(({ kind, name }) => {
      const from = aboutOf(kind, name).package;
      return from === undefined ? [] : [[`${kind} ${name}`, from]];
    }),
  );

/**
 * Throws where a saved model has components that nothing has defined: names all of them at once, and what to import.
 *
 * @param config of a model document
 * @param packages where the components come from, as the document says
 */
export function checkComponents(config: object, packages: ComponentPackages = {}): void {
  const missing = usedIn(config).filter(({ kind, name }) => !registered(kind).includes(name));
  if (missing.length === 0) return;
  const one = missing.length === 1;
  fail({
    expected: 'all components of the model to be defined',
    received: `${one ? 'one that is' : `${missing.length} that are`} not: ${missing.map(titleOf).join(', ')}`,
    mend: `Before load, ${importsOf(missing, packages)}.`,
  });
}

const titleOf = ({ kind, name }: Component): string => `${kind} "${name}"`;

/** Each component of a model once. Its schema is passed over: nothing in a schema is a component. */
function usedIn(config: object): Component[] {
  const all = componentsIn({ ...config, schema: undefined });
  return [...new Map(all.map((each) => [titleOf(each), each])).values()];
}

function componentsIn(value: unknown): Component[] {
  if (typeof value !== 'object' || value === null) return [];
  const { kind, name } = value as Readonly<Record<string, unknown>>;
  const own = KINDS.has(kind) && typeof name === 'string' ? [{ kind: kind as ComponentKind, name }] : [];
  return [...own, ...Object.values(value).flatMap(componentsIn)];
}

/** Such as `import '@polytask/experts' (mlp), '@polytask/adatt' (adatt), the file that defines expert "mine"`. */
function importsOf(missing: readonly Component[], packages: ComponentPackages): string {
  const names = new Map<string, string[]>();
  const others: string[] = [];
  for (const each of missing) {
    const from = packages[`${each.kind} ${each.name}`];
    if (from === undefined) others.push(titleOf(each));
    else names.set(from, [...(names.get(from) ?? []), each.name]);
  }
  const imports = [...names].map(([from, of]) => `'${from}' (${of.join(', ')})`);
  const file = others.length > 0 ? [`the file that defines ${others.join(', ')}`] : [];
  return `import ${[...imports, ...file].join(', ')}`;
}
