import { fail } from '@polytask/core';

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
  readonly standardise?: boolean;
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

/** @example numeric({ from: 'capital_gains', log: true }) */
export const numeric = (options: Omit<NumericDeclaration, 'kind'> = {}): NumericDeclaration => ({
  kind: 'numeric',
  ...options,
});

/** @example categorical({ minCount: 5 }) */
export function categorical(options: Omit<CategoricalDeclaration, 'kind'> = {}): CategoricalDeclaration {
  const { minCount, maxSize, vocabulary } = options;
  atLeastOne('minCount', minCount, 'categorical({ minCount: 5 })');
  atLeastOne('maxSize', maxSize, 'categorical({ maxSize: 1000 })');
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

/** @example hashed({ buckets: 10_000 }) */
export function hashed(options: Omit<HashedDeclaration, 'kind'>): HashedDeclaration {
  atLeastOne('buckets', options.buckets ?? NaN, 'hashed({ buckets: 10000 })');
  return { kind: 'hashed', ...options };
}

/** @example multiValued({ separator: ',', values: hashed({ buckets: 1000 }), maxLength: 10 }) */
export function multiValued(options: Omit<MultiValuedDeclaration, 'kind'> = {}): MultiValuedDeclaration {
  atLeastOne('maxLength', options.maxLength, 'multiValued({ maxLength: 10 })');
  if (options.separator === '') {
    fail({ expected: 'a separator of one character or more', received: '""', mend: "Pass separator: '|'." });
  }
  return { kind: 'multi-valued', ...options };
}

/** @example vector({ width: 20 }) // or vector({ columns: ['x0', 'x1', 'x2'] }) */
export function vector(options: { width: number; from?: string } | { columns: readonly string[] }): VectorDeclaration {
  if ('columns' in options) {
    if (options.columns.length === 0) {
      fail({ expected: 'one column or more', received: 'none', mend: "Pass vector({ columns: ['x0', 'x1'] })." });
    }
    return { kind: 'vector', width: options.columns.length, columns: options.columns };
  }
  atLeastOne('width', options.width ?? NaN, 'vector({ width: 20 })');
  return { kind: 'vector', ...options };
}

function atLeastOne(option: string, value: number | undefined, example: string): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) return;
  fail({ expected: `${option} to be a whole number of 1 or more`, received: String(value), mend: `Write ${example}.` });
}
