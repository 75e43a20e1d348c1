import { fail } from '../errors/errors.ts';
import { registered, type ComponentKind } from '../specs/registry.ts';
import { packageOf } from './component-packages.ts';

const KINDS: ReadonlySet<unknown> = new Set<ComponentKind>(['expert', 'gate', 'network', 'input', 'penalty']);

interface Component {
  readonly kind: ComponentKind;
  readonly name: string;
}

/**
 * Throws where a saved model has components that nothing has defined: names all of them at once, and what to import.
 *
 * @param config of a model document; its schema is passed over, as nothing in it is a component
 */
export function checkComponents({ schema: _, ...config }: Readonly<Record<string, unknown>>): void {
  const used = new Map(componentsIn(config).map((each) => [titleOf(each), each]));
  const missing = [...used.values()].filter(({ kind, name }) => !registered(kind).includes(name));
  if (missing.length === 0) return;
  const one = missing.length === 1;
  fail({
    expected: 'all components of the model to be defined',
    received: `${one ? 'one that is' : `${missing.length} that are`} not: ${missing.map(titleOf).join(', ')}`,
    mend: `Before load, ${importsOf(missing)}.`,
  });
}

const titleOf = ({ kind, name }: Component): string => `${kind} "${name}"`;

function componentsIn(value: unknown): Component[] {
  if (typeof value !== 'object' || value === null) return [];
  const { kind, name } = value as Readonly<Record<string, unknown>>;
  const own = KINDS.has(kind) && typeof name === 'string' ? [{ kind: kind as ComponentKind, name }] : [];
  return [...own, ...Object.values(value).flatMap(componentsIn)];
}

/** Such as `import '@polytask/experts' (mlp), '@polytask/adatt' (adatt), the file that defines expert "mine"`. */
function importsOf(missing: readonly Component[]): string {
  const names = new Map<string, string[]>();
  const others: string[] = [];
  for (const each of missing) {
    const from = packageOf(each.kind, each.name);
    if (from === undefined) others.push(titleOf(each));
    else names.set(from, [...(names.get(from) ?? []), each.name]);
  }
  const packages = [...names].map(([from, of]) => `'${from}' (${of.join(', ')})`);
  const file = others.length > 0 ? [`the file that defines ${others.join(', ')}`] : [];
  return `import ${[...packages, ...file].join(', ')}`;
}
