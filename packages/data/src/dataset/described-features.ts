import { checkOptions, checks, type Options } from '@polytask/core';
import {
  categorical,
  hashed,
  multiValued,
  numeric,
  vector,
  type CategoricalDeclaration,
  type FeatureDeclaration,
  type HashedDeclaration,
} from '../declarations/features.ts';
import { FEATURE_OPTIONS } from '../declarations/feature-options.ts';
import { anything, entriesOf, ofKind } from './json-checks.ts';

const { optional } = checks;

interface Kind {
  readonly options: Options<object>;
  make(options: never, where: string): FeatureDeclaration;
}

const kind = <O extends object>(
  options: Options<O>,
  make: (options: O, where: string) => FeatureDeclaration,
): Kind => ({
  options: { kind: anything, ...options } as Options<object>,
  make,
});

const ID_KINDS: Readonly<Record<string, Kind>> = {
  categorical: kind(FEATURE_OPTIONS.categorical, categorical),
  hashed: kind(FEATURE_OPTIONS.hashed, hashed),
};

const KINDS: Readonly<Record<string, Kind>> = {
  numeric: kind(FEATURE_OPTIONS.numeric, numeric),
  ...ID_KINDS,
  'multi-valued': kind<Parameters<typeof multiValued>[0] & object>(
    { ...FEATURE_OPTIONS.multiValued, values: anything }, // described as a feature is
    (options, where) =>
      multiValued({
        ...options,
        ...(options.values && {
          values: described(options.values, ID_KINDS, `${where}.values`) as CategoricalDeclaration | HashedDeclaration,
        }),
      }),
  ),
  vector: kind(
    { ...FEATURE_OPTIONS.vector, width: anything, columns: optional(FEATURE_OPTIONS.vectorColumns.columns) },
    vectorOf,
  ),
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
  checkOptions(description, entry.options, where);
  const { kind: _, ...options } = description as { kind?: string };
  return entry.make(options as never, where);
}
