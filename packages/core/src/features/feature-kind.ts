import {
  anything,
  builderNamed,
  custom,
  define,
  defining,
  objectAt,
  oneOf,
  type Read,
  readOptions,
  registered,
  under,
  type Written,
  type About,
  type Args,
  optional,
  optionsOf,
  text,
  checkMembersOf,
} from '@polytask/components';
import type { FeatureForm } from './feature-form.ts';

export interface AnyFeature {
  readonly kind: string;
}

type Features = Readonly<Record<string, AnyFeature>>;

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

/** The definition of a kind of feature: how a fitted feature is read from JSON, and its form in a batch. */
export interface FeatureKind<F = object> {
  /** The keys of the fitted feature but its kind. */
  readonly fitted: F;
  /** @param features all features of the schema, for one that reads others. @param name of the feature there */
  readonly form: (feature: Read<F>, features: Features, name: string) => FeatureForm;
  /** What a cell holds, where the form doesn't say it: numbers of one cell, or ids that come from a number. */
  readonly cell?: 'number' | 'text';
  readonly declaration?: FeatureDeclaring<object, AnyFeature>;
}

/** Registers a kind of feature of this package: models with such features are loaded and served. `@polytask/data` declares them. */
export const registerFeature = <F>(kind: string, definition: FeatureKind<F>): void => {
  define('feature', kind, definition, { package: '@polytask/core' });
};

/** The definition of a feature's kind. @throws PolytaskError when no such kind is defined */
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

export const readFeature = custom<AnyFeature>((value, where) => {
  const { fitted } = kindAt(objectAt(value, where)['kind'], under(where, 'kind'));
  return readOptions(value, { kind: anything, ...fitted }, where) as AnyFeature;
});

function kindAt(kind: unknown, where: string): FeatureKind {
  return featureKind(oneOf(...registered('feature')).read(kind, where));
}

const column = {
  /** The column of the value. Without it, the column of the feature's own name. */
  from: /* @__PURE__ */ optional(text),
};

export interface DeclaredFeature extends AnyFeature, Written<typeof column> {}

export interface FeatureDefinition<O extends object, F extends object>
  extends
    FeatureDeclaring<O, Read<F>>,
    Omit<FeatureKind<F>, 'declaration'>,
    Pick<About, 'also' | 'description' | 'paper' | 'package' | 'examples'> {
  /** The options of its declaration, without its column. Default: none. */
  readonly options?: O;
}

/**
 * Defines a kind of feature. All packages know it from then on: it is declared in programs and data set files, fitted, encoded, saved,
 * served and exported.
 *
 * @throws PolytaskError when the name is taken; the returned function throws when an option is unknown, or has a value that doesn't fit
 * @example
 * const root = defineFeature('my-package/root', {
 *   cell: 'number',
 *   fit() {
 *     let largest = 0;
 *     return { add: (value) => void (largest = Math.max(largest, Number(value))), finish: () => ({ largest }) };
 *   },
 *   fitted: { largest: checks.number() },
 *   form: ({ largest }) => ({
 *     type: 'numbers',
 *     width: 1,
 *     write: (value, to, at) => (to[at] = Math.sqrt(Number(value) / largest)),
 *   }),
 * });
 * const features = { area: root({ from: 'square_meters' }) };
 */
export function defineFeature<O extends object = Record<never, never>, F extends object = Record<never, never>>(
  name: string,
  { options = {} as O, check, reads, fit, declare, fitted, form, cell, ...others }: FeatureDefinition<O, F>,
): (...options: Args<O & typeof column>) => DeclaredFeature & Written<O> {
  const declaration: FeatureDeclaring<object, AnyFeature> = {
    check: check as FeatureDeclaring<object, AnyFeature>['check'],
    reads: reads as FeatureDeclaring<object, AnyFeature>['reads'],
    fit({ kind: _kind, from: _from, ...declared }: Partial<DeclaredFeature>) {
      const { finish, ...each } = fit(readOptions(declared, options, name));
      return { ...each, finish: () => ({ kind: name, ...finish() }) };
    },
    declare: declare && (({ kind: _, ...feature }) => declare(feature as Read<F>) as object),
  };
  checkMembersOf({ kind: 'feature', name }, { fit, fitted, form }, ['fit', 'fitted', 'form']);
  const about = { ...others, options: { ...(!reads && column), ...options } };
  define('feature', name, { fitted, form, cell, declaration } as FeatureKind<F>, about);
  return defining('feature', name, (given?: object) => declareFeature(name, given) as DeclaredFeature & Written<O>);
}

/** Declares a feature of a kind that {@link defineFeature} defined. @throws PolytaskError when no such kind is defined, or an option doesn't fit */
export function declareFeature(kind: string, options: object = {}, where = kind): DeclaredFeature {
  const declared = readOptions(options, optionsOf('feature', kind)!, where);
  declaringOf(kind)!.check?.(declared, where);
  return { kind, ...options };
}

/** How a kind is declared and fitted; undefined for the kinds of `@polytask/data`. */
export const declaringOf = (kind: string): FeatureKind['declaration'] => featureKind(kind).declaration;
