import { checkOptions, checks, type Options } from '@polytask/core';
import { FEATURE_KINDS, FEATURE_OPTIONS, vector, type FeatureDeclaration } from '../declarations/features.ts';
import { anything, entriesOf, ofKind } from './json-checks.ts';

interface Kind {
  readonly options: Options<object>;
  make(options: never, where: string): FeatureDeclaration;
}

/** Kinds whose values may stand in a feature of several. */
const { categorical, hashed } = FEATURE_KINDS;

const KINDS: Readonly<Record<string, Kind>> = {
  ...FEATURE_KINDS,
  vector: {
    options: {
      ...FEATURE_OPTIONS.vector,
      width: anything,
      columns: checks.optional(FEATURE_OPTIONS.vectorColumns.columns),
    } as Options<object>,
    make: vectorOf,
  },
};

/** By its columns, or by its width. */
function vectorOf(options: object, where: string): FeatureDeclaration {
  const byColumns = 'columns' in options;
  checkOptions(options, (byColumns ? FEATURE_OPTIONS.vectorColumns : FEATURE_OPTIONS.vector) as Options<object>, where);
  return vector(options as Parameters<typeof vector>[0]);
}

/** Features as a data set file has them: by name, `"numeric"` or `{ "kind": "numeric", "log": true }`. */
export const describedFeatures = (value: unknown, where: string): Record<string, FeatureDeclaration> =>
  Object.fromEntries(entriesOf(value, where).map(([name, each]) => [name, described(each, KINDS, `${where}.${name}`)]));

function described(value: unknown, kinds: Readonly<Record<string, Kind>>, where: string): FeatureDeclaration {
  const { entry, description } = ofKind(value, kinds, where);
  const nested = 'values' in entry.options; // they are described as a feature is
  const known: Options<object> = { ...entry.options, ...(nested && { values: anything }) };
  checkOptions(description, { kind: anything, ...known }, where);
  const { kind: _, ...options } = description as { kind?: string; values?: unknown };
  const values = nested &&
    options.values !== undefined && { values: described(options.values, { categorical, hashed }, `${where}.values`) };
  return entry.make({ ...options, ...values } as never, where);
}
