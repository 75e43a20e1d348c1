import { aboutOf, mapValues, recordOf, registered } from '@polytask/components';
import type { DeclaredFeature, Described, Feature } from '@polytask/core';
import type { Need } from '../columns/columns.ts';
import type { Vocabularies } from '../statistics/counts.ts';
import type { Fitter } from '../statistics/statistics.ts';
import { declarationOfKind, definedKind, type DeclaredKind, type Kinds } from './declared-kind.ts';
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

const OWN = {
  numeric: numericKind,
  ...ID_KINDS,
  'multi-valued': multiValuedKind,
  'id-sequence': idSequenceKind,
  'side-column': sideColumnKind,
  vector: vectorKind,
} as unknown as Kinds;

const declaredKinds = (): Kinds =>
  recordOf([...new Set([...Object.keys(OWN), ...registered('feature')])], (kind) => kindOf({ kind }));

const kindOf = ({ kind }: Pick<DeclaredFeature, 'kind'>): DeclaredKind => OWN[kind] ?? definedKind(kind)!;

export const anyFeature = declarationOfKind<FeatureDeclaration>(declaredKinds);

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
 * @example Object.keys(featureOptions('numeric')) // ['from', 'log', 'indicator', 'standardize', 'values']
 */
export const featureOptions = (kind: string): Described => kindOf({ kind })?.options ?? {};

export const featureNeeds = (name: string, feature: FeatureDeclaration): readonly Need[] =>
  kindOf(feature).needs(name, feature);

export const idsOf = (feature: FeatureDeclaration): IdDeclaration | undefined =>
  kindOf(feature).ids?.(feature) as IdDeclaration | undefined;

/** The column of a feature with one number in a cell, and its scale; undefined for other features. */
export function numberOf(
  name: string,
  feature: FeatureDeclaration,
): { readonly column: string; readonly scale: ((value: number) => number) | undefined } | undefined {
  const [need, ...others] = featureNeeds(name, feature);
  if (need?.kind !== 'numbers' || others.length > 0) return undefined;
  return { column: need.key, scale: kindOf(feature).scale?.(feature) };
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

export const featureFitter = (name: string, feature: FeatureDeclaration, vocabularies: Vocabularies): Fitter<Feature> =>
  kindOf(feature).fitter(name, feature, vocabularies);

export const declarationOf = (feature: Feature): FeatureDeclaration => ({
  kind: feature.kind,
  ...kindOf(feature).declare?.(feature),
});
