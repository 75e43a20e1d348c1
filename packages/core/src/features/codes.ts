import type { CategoricalFeature, HashedFeature } from './schema.ts';

/** The code of a value outside of a vocabulary, and of a missing value. Every vocabulary has these codes. */
export const UNKNOWN = 0;
export const MISSING = 1;

/** The code of the first entry of a vocabulary, or of the first bucket. */
export const FIRST_CODE = 2;

/**
 * The number of codes of a categorical or hashed field, including those for unknown and missing values.
 *
 * @example codeCount({ kind: 'hashed', buckets: 100 }) // 102
 */
export const codeCount = (feature: CategoricalFeature | HashedFeature): number =>
  FIRST_CODE + (feature.kind === 'categorical' ? feature.vocabulary.length : feature.buckets);

/**
 * The number of embedding rows of a categorical or hashed field, including the rows for unknown and missing values.
 *
 * @example vocabularySize({ kind: 'hashed', buckets: 100, quotients: 4 }) // 2 + 25 remainders + 1 + 4 quotients
 */
export const vocabularySize = (feature: CategoricalFeature | HashedFeature): number =>
  isComposed(feature) ? firstQuotientRow(feature) + 1 + feature.quotients : codeCount(feature);

/** How many vectors of the embedding's dimension a value has. Each has rows of its own, {@link vocabularySize} of them. */
export const vectorsOf = ({ vectors = 1 }: CategoricalFeature | HashedFeature): number => vectors;

/**
 * A hashed feature whose vectors are composed of two rows (the quotient-remainder trick of Shi et al. 2019, "Compositional
 * embeddings using complementary partitions", section 3 and equation 2). With m remainders, the vector of bucket b is
 * R[b mod m] ⊙ Q[b div m]. No two buckets have the same pair of rows.
 *
 * The rows are the reserved codes, the m remainders, one quotient of the reserved codes, and the quotients.
 */
export type ComposedFeature = HashedFeature & { readonly quotients: number };

export const isComposed = (feature: CategoricalFeature | HashedFeature): feature is ComposedFeature =>
  feature.kind === 'hashed' && feature.quotients !== undefined;

/** The number of remainders, m. */
export const remaindersOf = ({ buckets, quotients }: ComposedFeature): number => Math.ceil(buckets / quotients);

/** The row of the reserved codes' quotient. That of bucket b is 1 + b div m rows later. */
export const firstQuotientRow = (feature: ComposedFeature): number => FIRST_CODE + remaindersOf(feature);

/**
 * The two rows of a code, relative to the first row of the feature.
 *
 * @example composedRows({ kind: 'hashed', buckets: 10, quotients: 2 }, 2 + 7) // [2 + 2, 7 + 1 + 1]: 7 is 2 of 5, after one 5
 */
export function composedRows(feature: ComposedFeature, code: number): [remainder: number, quotient: number] {
  const remainders = remaindersOf(feature);
  const quotient = Math.floor((code - FIRST_CODE + remainders) / remainders); // 1 + b div m; 0 for a reserved code
  return [code - Math.max(0, quotient - 1) * remainders, firstQuotientRow(feature) + quotient];
}

/** The code of two rows: the inverse of {@link composedRows}. */
export const composedCode = (feature: ComposedFeature, [remainder, quotient]: readonly [number, number]): number =>
  remainder + Math.max(0, quotient - firstQuotientRow(feature) - 1) * remaindersOf(feature);
