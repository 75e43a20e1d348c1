import { checkOptions, checks, fail, type Check, type Options } from '@polytask/core';
import { anything, text, texts } from '../options/checks.ts';

interface FeatureOptions {
  /** The column that the value is read from; the feature's own name by default. */
  readonly from?: string;
}

/** A number. Fitted: the mean and the deviation of the training rows. */
export interface NumericDeclaration extends FeatureOptions {
  readonly kind: 'numeric';
  /** Takes sign(x)·log(1 + |x|) first: for amounts of money, counts and other heavy tails. Default false. */
  readonly log?: boolean;
  /** Adds a second input that is 1 where the value is missing. Default false: a missing value is the mean, and no more. */
  readonly indicator?: boolean;
  /** Default true: (x − mean) / deviation. False: x as it is, and 0 where it is missing. */
  readonly standardize?: boolean;
}

/** One of a vocabulary, which is found in the training rows or given. */
export interface CategoricalDeclaration extends FeatureOptions {
  readonly kind: 'categorical';
  /** Values seen less often in the training rows count as unknown. Default 1. */
  readonly minCount?: number;
  /** Only this many values, the most frequent, are kept. Default: all. */
  readonly maxSize?: number;
  /** The vocabulary itself; nothing is counted then. */
  readonly vocabulary?: readonly string[];
}

/** Any value, by its hash: no vocabulary to keep, at the price of collisions. */
export interface HashedDeclaration extends FeatureOptions {
  readonly kind: 'hashed';
  readonly buckets: number;
}

/** Several values in one cell. */
export interface MultiValuedDeclaration extends FeatureOptions {
  readonly kind: 'multi-valued';
  /** What one value is. Default `categorical()`. */
  readonly values?: CategoricalDeclaration | HashedDeclaration;
  /** Between the values of a cell that is one string. Default `|`. */
  readonly separator?: string;
  /** Values past this number are left out. Default: the longest list of the training rows. */
  readonly maxLength?: number;
  /** How the embeddings of a cell's values are put together. Default `mean`. */
  readonly pooling?: 'mean' | 'sum';
}

/** Numbers that are inputs as they are: a list in each row, or several columns side by side. None may be missing. */
export interface VectorDeclaration extends FeatureOptions {
  readonly kind: 'vector';
  readonly width: number;
  /** The columns of numbers, for tables that have one number in a cell. */
  readonly columns?: readonly string[];
}

/** What a feature is to be, before it is fitted. */
export type FeatureDeclaration =
  NumericDeclaration | CategoricalDeclaration | HashedDeclaration | MultiValuedDeclaration | VectorDeclaration;

const { flag, listOf, oneOf, optional, wholeNumber } = checks;

type OptionsOf<D extends FeatureDeclaration> = Options<Omit<D, 'kind'>>;

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
};

const hashedOptions: OptionsOf<HashedDeclaration> = { from, buckets: wholeNumber(1) };

const values: Check = (value, where) => {
  const kind = (value as { readonly kind?: unknown } | null)?.kind;
  if (kind === 'categorical') checkOptions(value, { kind: anything, ...categoricalOptions }, where);
  else if (kind === 'hashed') checkOptions(value, { kind: anything, ...hashedOptions }, where);
  else {
    fail({
      expected: `categorical() or hashed() for ${where}`,
      received: JSON.stringify(kind ?? value) ?? 'nothing',
      mend: 'Pass values: hashed({ buckets: 1000 }).',
    });
  }
};

const multiValuedOptions: OptionsOf<MultiValuedDeclaration> = {
  from,
  values: optional(values),
  separator: optional(text),
  maxLength: count,
  pooling: optional(oneOf('mean', 'sum')),
};

/** Of numbers that stand in one column. */
const vectorOptions: Options<Pick<VectorDeclaration, 'width' | 'from'>> = { from, width: wholeNumber(1) };

/** Of numbers that stand side by side. */
const vectorColumnsOptions: Options<Pick<Required<VectorDeclaration>, 'columns'>> = { columns: listOf(text, 1) };

/** A check for each option of each kind of feature: of those that programs declare, and of those in data set files. */
export const FEATURE_OPTIONS = {
  numeric: numericOptions,
  categorical: categoricalOptions,
  hashed: hashedOptions,
  multiValued: multiValuedOptions,
  vector: vectorOptions,
  vectorColumns: vectorColumnsOptions,
} as const;

/**
 * A column of numbers.
 *
 * @throws PolytaskError for an unknown option, with the name that was meant, or a value that doesn't fit
 * @example numeric({ from: 'capital_gains', log: true })
 */
export const numeric = (options: Omit<NumericDeclaration, 'kind'> = {}): NumericDeclaration => {
  checkOptions(options, FEATURE_OPTIONS.numeric, 'numeric');
  return { kind: 'numeric', ...options };
};

/**
 * A column of categories.
 *
 * @throws PolytaskError as {@link numeric} does, and for a vocabulary with a value twice
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
 * A column of categories that are known by their hash.
 *
 * @throws PolytaskError as {@link numeric} does
 * @example hashed({ buckets: 10_000 })
 */
export function hashed(options: Omit<HashedDeclaration, 'kind'>): HashedDeclaration {
  checkOptions(options, FEATURE_OPTIONS.hashed, 'hashed');
  return { kind: 'hashed', ...options };
}

/**
 * A column of lists of categories.
 *
 * @throws PolytaskError as {@link numeric} does
 * @example multiValued({ separator: ',', values: hashed({ buckets: 1000 }), maxLength: 10 })
 */
export function multiValued(options: Omit<MultiValuedDeclaration, 'kind'> = {}): MultiValuedDeclaration {
  checkOptions(options, FEATURE_OPTIONS.multiValued, 'multiValued');
  return { kind: 'multi-valued', ...options };
}

/**
 * Numbers side by side: a list in each row of one column, or one number in each of several columns.
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

/** Each kind with its options and its function, for data set files, which name the kind. */
export const FEATURE_KINDS: Readonly<
  Record<FeatureDeclaration['kind'], { options: Options<object>; make(options: never): FeatureDeclaration }>
> = {
  numeric: { options: FEATURE_OPTIONS.numeric, make: numeric },
  categorical: { options: FEATURE_OPTIONS.categorical, make: categorical },
  hashed: { options: FEATURE_OPTIONS.hashed, make: hashed },
  'multi-valued': { options: FEATURE_OPTIONS.multiValued, make: multiValued },
  vector: { options: FEATURE_OPTIONS.vector, make: vector },
};
