import {
  anything,
  builderNamed,
  custom,
  define,
  objectAt,
  oneOf,
  type Read,
  readOptions,
  registered,
  under,
  type Written,
} from '@polytask/components';
import type { FeatureForm } from './feature-form.ts';

/** A fitted feature of any kind, as plain JSON. */
export interface AnyFeature {
  readonly kind: string;
}

type Features = Readonly<Record<string, AnyFeature>>;

/** Fits a feature to the values of the training rows. */
export interface FeatureFit<F> {
  /**
   * A value: a number, or a text of the column. Missing values are left out.
   *
   * @param count in how many rows: numbers come row by row, texts once for many rows
   */
  add?(value: number | string, count: number): void;
  finish(): F;
}

/** How a kind of feature is declared in programs and data set files, and fitted to a table. */
export interface FeatureDeclaring<O, F> {
  /** Checks options together. @param where the feature in error messages */
  readonly check?: ((declared: Read<O>, where: string) => void) | undefined;
  /** The features whose values it reads, in place of a column of its own. */
  readonly reads?: ((declared: Read<O>) => readonly string[]) | undefined;
  readonly fit: (declared: Read<O>) => FeatureFit<F>;
  /** The options that read a fitted feature again. Default: none. */
  readonly declare?: ((feature: F) => Written<O>) | undefined;
}

/**
 * The definition of a kind of feature: how a fitted feature is read from JSON, and its form in a batch. All other code asks for the
 * form, and never for the kind.
 */
export interface FeatureKind<F = object> {
  /** The keys of the fitted feature but its kind. */
  readonly fitted: F;
  /** @param features all features of the schema, for one that reads others. @param name of the feature there */
  readonly form: (feature: Read<F>, features: Features, name: string) => FeatureForm;
  /** What a cell holds, where the form doesn't say it: numbers of one cell, or ids that come from a number. */
  readonly cell?: 'number' | 'text';
  /** How it is declared and fitted: {@link defineFeature}. */
  readonly declaration?: FeatureDeclaring<object, AnyFeature>;
}

/** Registers a kind of feature of this package: models with such features are loaded and served. `@polytask/data` declares them. */
export const registerFeature = <F>(kind: string, definition: FeatureKind<F>): void => {
  define('feature', kind, definition, { package: '@polytask/core' });
};

/**
 * The definition of a feature's kind.
 *
 * @throws PolytaskError when no such kind is defined
 */
export const featureKind = (kind: string): FeatureKind => builderNamed('feature', kind);

/**
 * The form of a feature in a batch.
 *
 * @param name of the feature, for messages
 * @param features all features of the schema
 * @throws PolytaskError when its kind isn't defined
 * @example formOf({ kind: 'numeric', mean: 41, deviation: 12 }, 'age').type // 'numbers'
 */
export function formOf(feature: AnyFeature, name: string, features: Features = {}): FeatureForm {
  return kindAt((feature as AnyFeature | undefined)?.kind, `the kind of feature "${name}"`).form(
    feature,
    features,
    name,
  );
}

/** Reads a fitted feature from the JSON of a saved model. */
export const readFeature = custom<AnyFeature>((value, where) => {
  const { fitted } = kindAt(objectAt(value, where)['kind'], under(where, 'kind'));
  return readOptions(value, { kind: anything, ...fitted }, where) as AnyFeature;
});

function kindAt(kind: unknown, where: string): FeatureKind {
  return featureKind(oneOf(...registered('feature')).read(kind, where));
}
