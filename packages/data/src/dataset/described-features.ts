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
import { anything, entriesOf, ofKind, text, texts } from './json-checks.ts';

const { flag, oneOf, optional, wholeNumber } = checks;
const from = optional(text);
const count = optional(wholeNumber(1));

interface Kind {
  readonly options: Options<object>;
  make(options: never, where: string): FeatureDeclaration;
}

const kind = <O extends object>(
  options: Record<string, (value: unknown, where: string) => void>,
  make: (options: O, where: string) => FeatureDeclaration,
): Kind => ({
  options: { kind: anything, from, ...options } as Options<object>,
  make,
});

const ID_KINDS: Readonly<Record<string, Kind>> = {
  categorical: kind({ minCount: count, maxSize: count, vocabulary: optional(texts) }, categorical),
  hashed: kind({ buckets: wholeNumber(1) }, hashed),
};

const KINDS: Readonly<Record<string, Kind>> = {
  numeric: kind({ log: optional(flag), indicator: optional(flag), standardise: optional(flag) }, numeric),
  ...ID_KINDS,
  'multi-valued': kind<Parameters<typeof multiValued>[0] & object>(
    { values: anything, separator: optional(text), maxLength: count, pooling: optional(oneOf('mean', 'sum')) },
    (options, where) =>
      multiValued({
        ...options,
        ...(options.values && {
          values: described(options.values, ID_KINDS, `${where}.values`) as CategoricalDeclaration | HashedDeclaration,
        }),
      }),
  ),
  vector: kind({ width: count, columns: optional(texts) }, vector),
};

/** Features as a data set file has them: by name, `"numeric"` or `{ "kind": "numeric", "log": true }`. */
export const describedFeatures = (value: unknown, where: string): Record<string, FeatureDeclaration> =>
  Object.fromEntries(entriesOf(value, where).map(([name, each]) => [name, described(each, KINDS, `${where}.${name}`)]));

function described(value: unknown, kinds: Readonly<Record<string, Kind>>, where: string): FeatureDeclaration {
  const { entry, description } = ofKind(value, kinds, where);
  checkOptions(description, entry.options, where);
  const { kind: _, ...options } = description as { kind?: string };
  return entry.make(options as never, where);
}
