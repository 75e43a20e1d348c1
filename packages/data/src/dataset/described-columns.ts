import {
  binary,
  checkOptions,
  checks,
  fail,
  multiclass,
  regression,
  suggestion,
  taskOptions,
  type Options,
  type Task,
  type Tasks,
} from '@polytask/core';
import {
  categorical,
  FEATURE_OPTIONS,
  hashed,
  multiValued,
  numeric,
  shared,
  vector,
  type FeatureDeclaration,
} from '../declarations/features.ts';
import { idSequence, ID_SEQUENCE_OPTIONS, SIDE_COLUMN_OPTIONS, sideColumn } from '../declarations/sequences.ts';
import { anything } from '../options/checks.ts';

/** The options and the function of a kind. */
interface Kind<R> {
  readonly options: Options<object>;
  make(options: never, where: string): R;
  /** The kinds that the option `values` can have. Their declarations are described in the same way. */
  readonly values?: Kinds<R>;
}

type Kinds<R> = Readonly<Record<string, Kind<R>>>;

const ids = {
  categorical: { options: FEATURE_OPTIONS.categorical, make: categorical },
  hashed: { options: FEATURE_OPTIONS.hashed, make: hashed },
  shared: { options: FEATURE_OPTIONS.shared, make: shared },
} satisfies Kinds<FeatureDeclaration>;

const number: Kind<FeatureDeclaration> = { options: FEATURE_OPTIONS.numeric, make: numeric };

const FEATURES: Readonly<Record<FeatureDeclaration['kind'], Kind<FeatureDeclaration>>> = {
  numeric: number,
  ...ids,
  'multi-valued': { options: FEATURE_OPTIONS.multiValued, make: multiValued, values: ids },
  'id-sequence': { options: ID_SEQUENCE_OPTIONS, make: idSequence, values: ids },
  'side-column': { options: SIDE_COLUMN_OPTIONS, make: sideColumn, values: { numeric: number, ...ids } },
  vector: {
    options: {
      ...FEATURE_OPTIONS.vector,
      width: anything,
      columns: checks.optional(FEATURE_OPTIONS.vectorColumns.columns),
    } as Options<object>,
    make: vectorOf,
  },
};

const TASKS: Kinds<Task> = {
  binary: { options: taskOptions.binary() as Options<object>, make: binary },
  multiclass: { options: taskOptions.multiclass() as Options<object>, make: multiclass },
  regression: { options: taskOptions.regression() as Options<object>, make: regression },
};

/** A vector is described either by its columns or by its width. */
function vectorOf(options: object, where: string): FeatureDeclaration {
  const byColumns = 'columns' in options;
  checkOptions(options, (byColumns ? FEATURE_OPTIONS.vectorColumns : FEATURE_OPTIONS.vector) as Options<object>, where);
  return vector(options as Parameters<typeof vector>[0]);
}

/** Reads the features of a data set file: by name, `"numeric"` or `{ "kind": "numeric", "log": true }`. */
export const describedFeatures = (value: unknown, where: string): Record<string, FeatureDeclaration> =>
  describedEntries(value, FEATURES, where);

/** Reads the tasks of a data set file: by name, `"binary"` or `{ "kind": "binary", "positive": "yes" }`. */
export const describedTasks = (value: unknown, where: string): Tasks => describedEntries(value, TASKS, where);

function describedEntries<R>(value: unknown, kinds: Kinds<R>, where: string): Record<string, R> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail({
      expected: `an object for ${where}, with a key a column`,
      received: JSON.stringify(value) ?? 'nothing',
      mend: 'Write { "age": "numeric" }.',
    });
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, described(entry, kinds, `${where}.${name}`)]),
  );
}

function described<R>(value: unknown, kinds: Kinds<R>, where: string): R {
  const { entry, description } = ofKind(value, kinds, where);
  const options: Options<object> = { ...entry.options, ...(entry.values && { values: anything }) };
  checkOptions(description, { kind: anything, ...options }, where);
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
    mend: suggestion(kind, Object.keys(kinds)),
  });
}
