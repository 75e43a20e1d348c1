import { checkOptions, checks, fail, type Check, type Options } from '@polytask/core';
import { anything, text, texts } from '../options/checks.ts';
import type { IdSequenceDeclaration, SideColumnDeclaration } from './sequences.ts';

export interface FeatureOptions {
  /** The column of the value. Default: the feature's own name. */
  readonly from?: string;
}

/** A number. Fitting finds the mean and the standard deviation of the training rows. */
export interface NumericDeclaration extends FeatureOptions {
  readonly kind: 'numeric';
  /** Takes sign(x)·log(1 + |x|) first, for heavy tails such as amounts of money and counts. Default false. */
  readonly log?: boolean;
  /** Adds a second input, 1 where the value is missing. Default false: a missing value becomes the mean only. */
  readonly indicator?: boolean;
  /** Default true: (x − mean) / deviation. False: x as it is, and 0 for a missing value. */
  readonly standardize?: boolean;
}

/** One text of a vocabulary. The vocabulary is declared, or comes from the training rows. */
export interface CategoricalDeclaration extends FeatureOptions {
  readonly kind: 'categorical';
  /** Rarer values of the training rows count as unknown. Default 1. */
  readonly minCount?: number;
  /** The vocabulary has at most this many values, the most frequent ones. Default: all. */
  readonly maxSize?: number;
  /** The vocabulary itself. Then no row is counted. */
  readonly vocabulary?: readonly string[];
  /**
   * The width of the feature's embedding, in vectors of `embed`'s dimension: 4 of 8 numbers are 32. A list that
   * shares the vocabulary reads the first vector. Default 1.
   */
  readonly vectors?: number;
}

/** Any text, by its hash. It needs no vocabulary, but two texts may share a bucket. */
export interface HashedDeclaration extends FeatureOptions {
  readonly kind: 'hashed';
  readonly buckets: number;
  /**
   * Composes the vector of a bucket from two rows, that of the remainder and that of the quotient of its number (Shi et al. 2019).
   * The table has buckets / quotients + quotients rows. Default: each bucket has a row of its own.
   */
  readonly quotients?: number;
  /**
   * The width of the feature's embedding, in vectors of `embed`'s dimension: 4 of 8 numbers are 32. A list that
   * shares the vocabulary reads the first vector. Default 1.
   */
  readonly vectors?: number;
}

/** One text with the vocabulary, and the embeddings, of another feature. Both features' rows count for the vocabulary. */
export interface SharedDeclaration extends FeatureOptions {
  readonly kind: 'shared';
  /** The feature whose vocabulary it is. */
  readonly with: string;
}

/** The declaration of one id. */
export type IdDeclaration = CategoricalDeclaration | HashedDeclaration | SharedDeclaration;

/** Several values in one cell. */
export interface MultiValuedDeclaration extends FeatureOptions {
  readonly kind: 'multi-valued';
  /** The declaration of one value. Default `categorical()`. */
  readonly values?: IdDeclaration;
  /** The text between two values of a cell. Default `|`. */
  readonly separator?: string;
  /** Further values are left out. Default: the length of the longest list of the training rows. */
  readonly maxLength?: number;
  /** How the embeddings of a cell's values are combined. Default `mean`. */
  readonly pooling?: 'mean' | 'sum';
}

/** Numbers that are inputs without scaling: a list in each row, or several columns. None may be missing. */
export interface VectorDeclaration extends FeatureOptions {
  readonly kind: 'vector';
  readonly width: number;
  /** The columns, for tables with one number in a cell. */
  readonly columns?: readonly string[];
}

/** A feature before it is fitted. */
export type FeatureDeclaration =
  | NumericDeclaration
  | IdDeclaration
  | MultiValuedDeclaration
  | IdSequenceDeclaration
  | SideColumnDeclaration
  | VectorDeclaration;

const { flag, listOf, oneOf, optional, wholeNumber } = checks;

/** The options of a declaration that have a check. */
export type OptionsOf<D extends FeatureDeclaration> = Options<Omit<D, 'kind'>>;

const from = optional(text);
const count = optional(wholeNumber(1));

const numericOptions: OptionsOf<NumericDeclaration> = {
  from,
  log: optional(flag),
  indicator: optional(flag),
  standardize: optional(flag),
};

const categoricalOptions: OptionsOf<CategoricalDeclaration> = {
  from,
  minCount: count,
  maxSize: count,
  vocabulary: optional(texts),
  vectors: count,
};

const hashedOptions: OptionsOf<HashedDeclaration> = {
  from,
  buckets: wholeNumber(1),
  quotients: optional(wholeNumber(2)),
  vectors: count,
};

const sharedOptions: OptionsOf<SharedDeclaration> = { from, with: text };

/** Checks the declaration of the values of a list. @param kinds the kinds that a value can have, with their options */
export const valuesOf =
  (kinds: Readonly<Record<string, Options<object>>>): Check =>
  (value, where) => {
    const kind = (value as { readonly kind?: unknown } | null)?.kind;
    if (typeof kind === 'string' && Object.hasOwn(kinds, kind)) {
      checkOptions(value, { kind: anything, ...kinds[kind] } as Options<object>, where);
      return;
    }
    const names = Object.keys(kinds).map((name) => `${name}()`);
    fail({
      expected: `${names.slice(0, -1).join(', ')} or ${names.at(-1)} for ${where}`,
      received: JSON.stringify(kind ?? value) ?? 'nothing',
      mend: 'Pass values: hashed({ buckets: 1000 }).',
    });
  };

/** The options of each kind of id. */
export const ID_OPTIONS = { categorical: categoricalOptions, hashed: hashedOptions, shared: sharedOptions } as const;

const multiValuedOptions: OptionsOf<MultiValuedDeclaration> = {
  from,
  values: optional(valuesOf(ID_OPTIONS)),
  separator: optional(text),
  maxLength: count,
  pooling: optional(oneOf('mean', 'sum')),
};

/** For a list in one column. */
const vectorOptions: Options<Pick<VectorDeclaration, 'width' | 'from'>> = { from, width: wholeNumber(1) };

/** For one number in each of several columns. */
const vectorColumnsOptions: Options<Pick<Required<VectorDeclaration>, 'columns'>> = { columns: listOf(text, 1) };

/** The option checks of each kind of feature, for declarations in programs and in data set files. */
export const FEATURE_OPTIONS = {
  numeric: numericOptions,
  ...ID_OPTIONS,
  multiValued: multiValuedOptions,
  vector: vectorOptions,
  vectorColumns: vectorColumnsOptions,
} as const;

/**
 * Declares a column of numbers.
 *
 * @throws PolytaskError for an unknown option, with the name that was meant, and for an option value of the wrong kind
 * @example numeric({ from: 'capital_gains', log: true })
 */
export const numeric = (options: Omit<NumericDeclaration, 'kind'> = {}): NumericDeclaration => {
  checkOptions(options, FEATURE_OPTIONS.numeric, 'numeric');
  return { kind: 'numeric', ...options };
};

/**
 * Declares a column of categories.
 *
 * @throws PolytaskError as {@link numeric} does, and for a vocabulary with the same value twice
 * @example categorical({ minCount: 5 })
 */
export function categorical(options: Omit<CategoricalDeclaration, 'kind'> = {}): CategoricalDeclaration {
  checkOptions(options, FEATURE_OPTIONS.categorical, 'categorical');
  const { vocabulary } = options;
  const repeated = vocabulary?.find((value, i) => vocabulary.indexOf(value) !== i);
  if (repeated !== undefined) {
    fail({
      expected: 'a vocabulary of different values',
      received: `${JSON.stringify(repeated)} twice`,
      mend: 'Leave the second one out.',
    });
  }
  return { kind: 'categorical', ...options };
}

/**
 * Declares a column of categories that are encoded by their hash.
 *
 * @throws PolytaskError as {@link numeric} does
 * @example hashed({ buckets: 10_000 })
 * @example hashed({ buckets: 10_000_000, quotients: 4 }) // a table of 2.5 million rows
 * @example hashed({ buckets: 10_000, vectors: 4 }) // 32 numbers for each value with embed({ dimension: 8 })
 */
export function hashed(options: Omit<HashedDeclaration, 'kind'>): HashedDeclaration {
  checkOptions(options, FEATURE_OPTIONS.hashed, 'hashed');
  return { kind: 'hashed', ...options };
}

/**
 * Declares a column with the vocabulary and the embeddings of another feature.
 *
 * @throws PolytaskError as {@link numeric} does
 * @example shared({ with: 'item' }) // the column `last_item`, say
 */
export function shared(options: Omit<SharedDeclaration, 'kind'>): SharedDeclaration {
  checkOptions(options, FEATURE_OPTIONS.shared, 'shared');
  return { kind: 'shared', ...options };
}

/**
 * Declares a column of lists of categories.
 *
 * @throws PolytaskError as {@link numeric} does
 * @example multiValued({ separator: ',', values: hashed({ buckets: 1000 }), maxLength: 10 })
 */
export function multiValued(options: Omit<MultiValuedDeclaration, 'kind'> = {}): MultiValuedDeclaration {
  checkOptions(options, FEATURE_OPTIONS.multiValued, 'multiValued');
  return { kind: 'multi-valued', ...options };
}

/**
 * Declares a vector: a list in each row of one column, or one number in each of several columns.
 *
 * @throws PolytaskError as {@link numeric} does
 * @example vector({ width: 20 }) // or vector({ columns: ['x0', 'x1', 'x2'] })
 */
export function vector(options: { width: number; from?: string } | { columns: readonly string[] }): VectorDeclaration {
  if ('columns' in options) {
    checkOptions(options, FEATURE_OPTIONS.vectorColumns, 'vector');
    return { kind: 'vector', width: options.columns.length, columns: options.columns };
  }
  checkOptions(options, FEATURE_OPTIONS.vector, 'vector');
  return { kind: 'vector', ...options };
}
