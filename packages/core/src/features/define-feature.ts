import {
  type About,
  type Args,
  define,
  defining,
  optional,
  optionsOf,
  type Read,
  readOptions,
  text,
  type Written,
} from '@polytask/components';
import { featureKind, type AnyFeature, type FeatureDeclaring, type FeatureKind } from './feature-kind.ts';

const column = {
  /** The column of the value. Without it, the column of the feature's own name. */
  from: optional(text),
};

/** A feature before it is fitted, as plain data. */
export interface DeclaredFeature extends AnyFeature, Written<typeof column> {}

/** The definition of a kind of feature, from declaration to batch. */
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
 * @param name the kind in saved models and data set files; it must be unique
 * @returns a function that declares a feature of this kind
 * @throws PolytaskError when the name is taken; the function throws when an option is unknown, or has a value that doesn't fit
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
  { options = {} as O, check, reads, fit, declare, fitted, form, cell, ...about }: FeatureDefinition<O, F>,
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
  define('feature', name, { fitted, form, cell, declaration } as FeatureKind<F>, {
    ...about,
    options: { ...(!reads && column), ...options },
  });
  return defining('feature', name, (given?: object) => declareFeature(name, given) as DeclaredFeature & Written<O>);
}

/**
 * Declares a feature of a kind that {@link defineFeature} defined.
 *
 * @throws PolytaskError when no such kind is defined, an option is unknown for it, or has a value that doesn't fit
 */
export function declareFeature(kind: string, options: object = {}, where = kind): DeclaredFeature {
  const declared = readOptions(options, optionsOf('feature', kind)!, where);
  declaringOf(kind)!.check?.(declared, where);
  return { kind, ...options };
}

/** How a kind is declared and fitted; undefined for the kinds of `@polytask/data`. */
export const declaringOf = (kind: string): FeatureKind['declaration'] => featureKind(kind).declaration;
