import {
  define,
  optional,
  readOptions,
  text,
  type Definition,
  type Described,
  type Option,
} from '@polytask/components';
import { featureKind, type FeatureKind } from './feature-kind.ts';
import type { Feature } from './schema.ts';

/** A feature before it is fitted, as plain data. */
export interface DeclaredFeature {
  readonly kind: string;
  /** The column of the value. Default: the feature's own name. */
  readonly from?: string;
}

/** Fits a feature to the values of the training rows. */
export interface FeatureFit<F extends Feature> {
  /**
   * A value: a number, or a text of the column. Missing values are left out.
   *
   * @param count in how many rows: numbers come row by row, texts once for many rows
   */
  add?(value: number | string, count: number): void;
  finish(): F;
}

/** How a kind of feature is declared in programs and data set files, and fitted to a table. */
export interface FeatureDeclaring<D extends DeclaredFeature, F extends Feature> {
  readonly options: () => { readonly [K in Exclude<keyof D, 'kind' | 'from'>]-?: Option };
  /** Checks options together. @param where the feature in error messages */
  readonly check?: (declared: D, where: string) => void;
  /** The features whose values it reads, in place of a column of its own. */
  readonly reads?: (declared: D) => readonly string[];
  readonly fit: (declared: D) => FeatureFit<F>;
  /** The options that read a fitted feature again. Default: none. */
  readonly declare?: (feature: F) => Omit<D, 'kind'>;
}

/** The definition of a kind of feature, from declaration to batch. */
export type FeatureDefinition<D extends DeclaredFeature, F extends Feature> = FeatureDeclaring<D, F> &
  Omit<FeatureKind<F>, 'declaration'>;

/**
 * Defines a kind of feature. All packages know it from then on: it is declared in programs and data set files, fitted, encoded, saved,
 * served and exported.
 *
 * @param name the kind in saved models and data set files; it must be unique
 * @returns a function that declares a feature of this kind
 * @throws PolytaskError when the name is taken; the function throws when an option is unknown, or has a value that doesn't fit
 * @example
 * interface RootFeature {
 *   readonly kind: 'my-package/root';
 *   readonly largest: number;
 * }
 * const root = defineFeature<DeclaredFeature, RootFeature>('my-package/root', {
 *   options: () => ({}),
 *   cell: 'number',
 *   fit() {
 *     let largest = 0;
 *     return {
 *       add: (value) => void (largest = Math.max(largest, Number(value))),
 *       finish: () => ({ kind: 'my-package/root', largest }),
 *     };
 *   },
 *   fitted: () => ({ largest: checks.number() }),
 *   form: ({ largest }) => ({
 *     type: 'numbers',
 *     width: 1,
 *     write: (value, to, at) => (to[at] = Math.sqrt(Number(value) / largest)),
 *   }),
 * });
 * const features = { area: root({ from: 'square_meters' }) };
 */
export function defineFeature<D extends DeclaredFeature, F extends Feature>(
  name: F['kind'],
  { options, check, reads, fit, declare, ...kind }: FeatureDefinition<D, F>,
): (options?: Omit<D, 'kind'>) => D {
  const declaration = { options, check, reads, fit, declare };
  define('feature', name, { ...kind, declaration }, kind as Definition<object>);
  return (given) => declareFeature(name, given) as D;
}

/**
 * Declares a feature of a kind that {@link defineFeature} defined.
 *
 * @throws PolytaskError when no such kind is defined, an option is unknown for it, or has a value that doesn't fit
 */
export function declareFeature(kind: string, options: object = {}, where = kind): DeclaredFeature {
  const declaring = declaringOf(kind)!;
  readOptions(options, declaredOptions(declaring), where);
  const declared: DeclaredFeature = { kind, ...options };
  declaring.check?.(declared, where);
  return declared;
}

/** The options of a kind: `from`, unless it reads other features, and its own. */
export const declaredOptions = ({ reads, options }: FeatureDeclaring<DeclaredFeature, Feature>): Described => ({
  ...(!reads && { from: optional(text) }),
  ...options(),
});

/** How a kind is declared and fitted; undefined for the kinds of `@polytask/data`. */
export const declaringOf = (kind: string): FeatureDeclaring<DeclaredFeature, Feature> | undefined =>
  featureKind(kind).declaration as FeatureDeclaring<DeclaredFeature, Feature> | undefined;
