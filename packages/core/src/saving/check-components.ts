import { aboutOf, type ComponentKind, type ComponentName, fail, groupBy, registered } from '@polytask/components';
import type { Task } from '../tasks/tasks.ts';

const KINDS: readonly unknown[] = [
  'expert',
  'gate',
  'network',
  'input',
  'pooling',
  'penalty',
  'balancer',
  'calibration',
];

/** Package names by component, such as `expert mlp`. A saved model has them, so that `load` can name missing imports. */
export type ComponentPackages = Readonly<Record<string, string>>;

export const packagesOf = (config: object): ComponentPackages =>
  Object.fromEntries(
    usedIn(config).flatMap(({ kind, name }) => {
      const packageName = aboutOf(kind, name).package;
      return packageName === undefined || packageName === '@polytask/core' ? [] : [[`${kind} ${name}`, packageName]];
    }),
  );

/** @throws PolytaskError that names all undefined components of a saved model, and the packages to import */
export function checkComponents(config: object, packages: ComponentPackages = {}): void {
  const missing = usedIn(config).filter(({ kind, name }) => !registered(kind).includes(name));
  if (missing.length === 0) return;
  const one = missing.length === 1;
  fail({
    expected: 'all components of the model to be defined',
    received: `${one ? 'one that is' : `${missing.length} that are`} not: ${missing.map(titleOf).join(', ')}`,
    fix: `Before load, ${importsOf(missing, packages)}.`,
  });
}

const titleOf = ({ kind, name }: ComponentName): string => `${kind} "${name}"`;

/** Each component of a model once, with the kinds of its tasks and features, and calibrations. It predicts without its losses. */
export function usedIn(config: object): ComponentName[] {
  const { schema, ...rest } = config as { readonly schema?: Readonly<Record<'features' | 'tasks', object>> };
  const calibrated = Object.values(schema?.tasks ?? {}).map((task: Partial<Task> | null) => task?.calibrated);
  const all = [
    ...componentsIn({ rest, calibrated }),
    ...kindsIn('task', schema?.tasks),
    ...kindsIn('feature', schema?.features),
    ...poolingsIn(schema?.features),
  ];
  return [...new Map(all.map((each) => [titleOf(each), each])).values()];
}

/** The kinds of all features or tasks, and of the values of lists. */
const kindsIn = (kind: ComponentKind, declared: object = {}): ComponentName[] =>
  Object.values(declared).flatMap((each: { readonly kind?: unknown; readonly values?: object } | null) => [
    { kind, name: String(each?.kind) },
    ...kindsIn(kind, each?.values && [each.values]),
  ]);

const poolingsIn = (features: object = {}): ComponentName[] =>
  Object.values(features).flatMap((each: { readonly pooling?: unknown } | null) =>
    typeof each?.pooling === 'string' ? [{ kind: 'pooling', name: each.pooling }] : componentsIn(each?.pooling),
  );

function componentsIn(value: unknown): ComponentName[] {
  if (typeof value !== 'object' || value === null) return [];
  const { kind, name } = value as Readonly<Record<string, unknown>>;
  const own = KINDS.includes(kind) && typeof name === 'string' ? [{ kind: kind as ComponentKind, name }] : [];
  return [...own, ...Object.values(value).flatMap(componentsIn)];
}

/** For example `import '@polytask/experts' (mlp), '@polytask/adatt' (adatt), the file that defines expert "mine"`. */
function importsOf(missing: readonly ComponentName[], packages: ComponentPackages): string {
  const packageOf = ({ kind, name }: ComponentName) => packages[`${kind} ${name}`];
  const files = missing.filter((each) => packageOf(each) === undefined).map(titleOf);
  const byPackage = groupBy(missing.filter(packageOf), packageOf);
  const imports = [...byPackage].map(([from, of]) => `'${from}' (${of.map(({ name }) => name).join(', ')})`);
  if (files.length > 0) imports.push(`the file that defines ${files.join(', ')}`);
  return `import ${imports.join(', ')}`;
}
