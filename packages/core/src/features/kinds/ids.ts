import { listOf, optional, string, wholeNumber } from '@polytask/components';
import { FIRST_CODE, hashedCodes, UNKNOWN } from '../codes.ts';
import type { Codes } from '../feature-form.ts';
import { registerFeature } from '../feature-kind.ts';
import { ShardedMap } from '../sharded-map.ts';

/** A value from a fixed vocabulary. All other values share one entry; missing values have another. */
export interface CategoricalFeature {
  readonly kind: 'categorical';
  readonly vocabulary: readonly string[];
  /**
   * How many vectors of the embedding's dimension a value has, one after the other. A list that shares the vocabulary reads the first
   * one. Default 1.
   */
  readonly vectors?: number;
}

/** Any string, by its hash. Different values may share an entry; missing values have their own entry. */
export interface HashedFeature extends Pick<CategoricalFeature, 'vectors'> {
  readonly kind: 'hashed';
  readonly buckets: number;
  /**
   * Composes the vector of a bucket from two rows: one of `quotients`, and one of buckets / quotients. Default: each bucket has
   * one row.
   */
  readonly quotients?: number;
}

/**
 * A value from the vocabulary of another feature. Both features read the same rows of the embedding table, so an item has one
 * vector, whether it is the candidate or a part of a user's history.
 */
export interface SharedFeature {
  readonly kind: 'shared';
  /** The feature that owns the vocabulary and its rows of the table. */
  readonly with: string;
}

/** A feature whose value is one id: a row of the embedding table. */
export type IdFeature = CategoricalFeature | HashedFeature | SharedFeature;

/** The codes of a vocabulary. */
export const vocabularyCodes = ({ vocabulary, vectors }: Omit<CategoricalFeature, 'kind'>): Codes => ({
  count: FIRST_CODE + vocabulary.length,
  vectors,
  known: vocabulary,
  encoder() {
    const index = new ShardedMap<number>();
    vocabulary.forEach((value, i) => index.set(value, i + FIRST_CODE));
    return (text) => index.get(text) ?? UNKNOWN;
  },
  textOf: (code) => vocabulary[code - FIRST_CODE]!,
});

const vectors = optional(wholeNumber(1));

registerFeature<CategoricalFeature>('categorical', {
  fitted: () => ({ vocabulary: listOf(string), vectors }),
  form: (feature) => ({ type: 'id', codes: vocabularyCodes(feature) }),
});

registerFeature<HashedFeature>('hashed', {
  fitted: () => ({ buckets: wholeNumber(1), quotients: optional(wholeNumber(2)), vectors }),
  form: (feature) => ({ type: 'id', codes: hashedCodes(feature) }),
});

registerFeature<SharedFeature>('shared', {
  fitted: () => ({ with: string }),
  form: (feature) => ({ type: 'id', codes: feature }),
});
