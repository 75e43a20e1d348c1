import { mapValues, recordOf } from '@polytask/components';
import {
  aboutOf,
  fail,
  registered,
  suggestion,
  type Feature,
  type DeclaredFeature,
  type Described,
} from '@polytask/core';
import type { Need } from '../columns/columns.ts';
import type { Vocabularies } from '../statistics/counts.ts';
import type { Fitter } from '../statistics/statistics.ts';
import { declared, definedKind, type DeclaredKind } from './declared-kind.ts';
import { ID_KINDS, type IdDeclaration } from './ids.ts';
import {
  idSequenceKind,
  multiValuedKind,
  sideColumnKind,
  type IdSequenceDeclaration,
  type MultiValuedDeclaration,
  type SideColumnDeclaration,
} from './lists.ts';
import { numericKind, type NumericDeclaration } from './numeric.ts';
import { vectorKind, type VectorDeclaration } from './vector.ts';

/** A feature before it is fitted: of a kind of this package, or of another one. */
export type FeatureDeclaration =
  | NumericDeclaration
  | IdDeclaration
  | MultiValuedDeclaration
  | IdSequenceDeclaration
  | SideColumnDeclaration
  | VectorDeclaration
  | DeclaredFeature;

const KINDS = {
  numeric: numericKind,
  ...ID_KINDS,
  'multi-valued': multiValuedKind,
  'id-sequence': idSequenceKind,
  'side-column': sideColumnKind,
  vector: vectorKind,
} as unknown as Readonly<Record<string, DeclaredKind>>;

/** The kinds of features that a table can have: those of this package, and those that others define. */
export const declaredKinds = (): Record<string, DeclaredKind> =>
  recordOf([...new Set([...Object.keys(KINDS), ...registered('feature')])], (kind) => find(kind)!);

const find = (kind: unknown): DeclaredKind | undefined =>
  typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? KINDS[kind] : definedKind(kind);

/**
 * The kinds of feature with their descriptions.
 *
 * @example featureKinds().find(({ name }) => name === 'numeric')?.description // a standardized number
 */
export const featureKinds = (): { readonly name: string; readonly description: string; readonly paper?: string }[] =>
  Object.entries(declaredKinds()).map(([name, { description }]) => {
    const { paper } = aboutOf('feature', name);
    return { name, description, ...(paper !== undefined && { paper }) };
  });

/**
 * A check for each option of a kind of feature.
 *
 * @example Object.keys(featureOptions('numeric')) // ['from', 'log', 'indicator', 'standardize']
 */
export const featureOptions = (kind: string): Described => find(kind)?.options ?? {};

/** The kind of a declared feature. @throws PolytaskError for an unknown kind */
function kindOf(name: string, feature: FeatureDeclaration | string): DeclaredKind {
  const kind = typeof feature === 'string' ? feature : (feature as { kind?: unknown } | undefined)?.kind;
  const found = find(kind);
  if (found) return found;
  const functions = Object.values(declaredKinds()).map((each) => each.name);
  return fail({
    expected: `feature "${name}" to be declared with ${functions.join(', ')}`,
    received: JSON.stringify(kind) ?? 'nothing',
    fix: suggestion(kind, functions),
  });
}

/**
 * A feature as its function declares it. Data set files have it as `"numeric"` or `{ "kind": "numeric", "log": true }`.
 *
 * @throws PolytaskError for an unknown kind or option
 */
export function declaredFeature(name: string, given: FeatureDeclaration | string): FeatureDeclaration {
  const found = kindOf(name, given);
  const { kind, ...options } = typeof given === 'string' ? { kind: given } : given;
  const { values } = options as { readonly values?: unknown };
  const nested = found.values && typeof values === 'string' && { values: { kind: values } };
  return declared(kind, found, { ...options, ...nested }, `feature "${name}"`);
}

/** The columns that a feature reads, with their forms. @throws PolytaskError for an unknown kind */
export const featureNeeds = (name: string, feature: FeatureDeclaration): readonly Need[] =>
  kindOf(name, feature).needs(name, feature);

export const columnsOf = (name: string, feature: FeatureDeclaration): readonly string[] =>
  featureNeeds(name, feature).map(({ column }) => column);

/** The declaration of a feature's ids, with its default; undefined where it has no vocabulary. */
export const idsOf = (name: string, feature: FeatureDeclaration): IdDeclaration | undefined =>
  kindOf(name, feature).ids?.(feature) as IdDeclaration | undefined;

/** The column of a feature with one number in a cell, and its scale; undefined for other features. */
export function numberOf(
  name: string,
  feature: FeatureDeclaration,
): { readonly column: string; readonly scale: ((value: number) => number) | undefined } | undefined {
  const [need, ...others] = featureNeeds(name, feature);
  if (need?.kind !== 'numbers' || others.length > 0) return undefined;
  return { column: need.key, scale: kindOf(name, feature).scale?.(feature) };
}

/**
 * The features with another encoding of scaled numbers. Other features stay, and so do numbers that are used as they are.
 *
 * @example withNumbersAs({ age: numeric(), job: categorical() }, piecewiseLinear({ count: 48 })).age.kind // 'piecewise-linear'
 */
export const withNumbersAs = (
  features: Readonly<Record<string, FeatureDeclaration>>,
  encoding: DeclaredFeature,
): Record<string, FeatureDeclaration> =>
  mapValues(features, (feature, name) => {
    const number = numberOf(name, feature);
    return number?.scale ? { ...encoding, ...(number.column !== name && { from: number.column }) } : feature;
  });

/** Fits one feature. Features that share a vocabulary count their values together. */
export const featureFitter = (name: string, feature: FeatureDeclaration, vocabularies: Vocabularies): Fitter<Feature> =>
  kindOf(name, feature).fitter(name, feature, vocabularies);

/** The declaration that reads a fitted feature from the column of its name. */
export const declarationOf = (name: string, feature: Feature): FeatureDeclaration => ({
  kind: feature.kind,
  ...kindOf(name, feature).declare(feature),
});
