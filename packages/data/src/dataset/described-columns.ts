import { mapValues, recordOf } from '@polytask/components';
import '@polytask/core/features'; // data set files name these kinds of feature and task
import '@polytask/core/tasks';
import {
  readOptions,
  fail,
  suggestion,
  registered,
  optionsOf,
  declareTask,
  type Options,
  type Task,
  type Tasks,
} from '@polytask/core';
import { declared } from '../declarations/declared-kind.ts';
import { declaredKinds, type FeatureDeclaration } from '../declarations/features.ts';
import { anything } from '../options/checks.ts';

/** The options and the function of a kind. Options are made for the kinds that a file names. */
interface Kind<R> {
  readonly options: Options<object>;
  make(options: object, where: string): R;
  /** The kinds that the option `values` can have. Their declarations are described in the same way. */
  readonly values?: Kinds<R>;
}

type Kinds<R> = Readonly<Record<string, Kind<R>>>;

const featureKinds = (kinds = declaredKinds()): Kinds<FeatureDeclaration> =>
  mapValues(kinds, (kind, name) => ({
    get options() {
      return kind.options;
    },
    make: (options: object) => declared(name, kind, options),
    ...(kind.values && { values: featureKinds(kind.values) }),
  }));

const taskKinds = (): Kinds<Task> =>
  recordOf(registered('task'), (kind) => ({
    get options() {
      return optionsOf('task', kind)!;
    },
    make: (options: object) => declareTask(kind, options),
  }));

/** Reads the features of a data set file: by name, `"numeric"` or `{ "kind": "numeric", "log": true }`. */
export const describedFeatures = (value: unknown, where: string): Record<string, FeatureDeclaration> =>
  describedEntries(value, featureKinds(), where);

/** Reads the tasks of a data set file: by name, `"binary"` or `{ "kind": "binary", "positive": "yes" }`. */
export const describedTasks = (value: unknown, where: string): Tasks => describedEntries(value, taskKinds(), where);

function describedEntries<R>(value: unknown, kinds: Kinds<R>, where: string): Record<string, R> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail({
      expected: `an object for ${where}, with a key a column`,
      received: JSON.stringify(value) ?? 'nothing',
      fix: 'Write { "age": "numeric" }.',
    });
  }
  return mapValues(value, (entry, name) => described(entry, kinds, `${where}.${name}`));
}

function described<R>(value: unknown, kinds: Kinds<R>, where: string): R {
  const { entry, description } = ofKind(value, kinds, where);
  const options: Options<object> = { ...entry.options, ...(entry.values && { values: anything }) };
  readOptions(description, { kind: anything, ...options }, where);
  const { kind: _, ...rest } = description as { kind?: string; values?: unknown };
  const values = entry.values &&
    rest.values !== undefined && { values: described(rest.values, entry.values, `${where}.values`) };
  return entry.make({ ...rest, ...values } as never, where);
}

/** Finds the kind that a description names, as `"numeric"` or as `{ "kind": "numeric", … }`. */
export function ofKind<E>(
  value: unknown,
  kinds: Readonly<Record<string, E>>,
  where: string,
): { entry: E; description: object } {
  const description = typeof value === 'string' ? { kind: value } : (value as { readonly kind?: unknown } | null);
  const kind = typeof description === 'object' && description !== null ? description.kind : undefined;
  if (typeof kind === 'string' && Object.hasOwn(kinds, kind)) {
    return { entry: kinds[kind]!, description: description! };
  }
  return fail({
    expected: `a kind for ${where}`,
    received: JSON.stringify(kind ?? value) ?? 'nothing',
    fix: suggestion(kind, Object.keys(kinds)),
  });
}
