import type { Codes } from './feature-form.ts';

/** The code of a value outside of a vocabulary, and of a missing value. Every vocabulary has these codes. */
export const UNKNOWN = 0;
export const MISSING = 1;

/** The code of the first entry of a vocabulary, or of the first bucket. */
export const FIRST_CODE = 2;

/** The codes of any text, by its hash. @example hashedCodes({ buckets: 100 }).count // 102 */
export const hashedCodes = ({ buckets, quotients, vectors }: HashedCodes): Codes => ({
  count: FIRST_CODE + buckets,
  quotients,
  vectors,
  encoder: () => (text) => FIRST_CODE + (hashOf(text) % buckets),
  textOf: (code) => String(code - FIRST_CODE),
});

interface HashedCodes {
  readonly buckets: number;
  readonly quotients?: number | undefined;
  readonly vectors?: number | undefined;
}

/** The 32-bit FNV-1a hash of the UTF-16 units of a string, the same in every language. @example hashOf('a') // 3826002220 */
export function hashOf(value: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The number of embedding rows of a field, including the rows for unknown and missing values. */
export const vocabularySize = (codes: Codes): number =>
  isComposed(codes) ? firstQuotientRow(codes) + 1 + codes.quotients : codes.count;

/** How many vectors of the embedding's dimension a value has. Each has rows of its own, {@link vocabularySize} of them. */
export const vectorsOf = ({ vectors = 1 }: Codes): number => vectors;

/**
 * Codes whose vectors are composed of two rows (the quotient-remainder trick: Shi et al. 2019, section 3, eq. 2). With m remainders, the
 * vector of bucket b is R[b mod m] ⊙ Q[b div m]. The rows are the reserved codes, the m remainders, one quotient of the reserved codes, and
 * the quotients.
 */
export type ComposedCodes = Codes & { readonly quotients: number };

export const isComposed = (codes: Codes): codes is ComposedCodes => codes.quotients !== undefined;

export const remaindersOf = ({ count, quotients }: ComposedCodes): number =>
  Math.ceil((count - FIRST_CODE) / quotients);

/** The row of the reserved codes' quotient. That of bucket b is 1 + b div m rows later. */
export const firstQuotientRow = (codes: ComposedCodes): number => FIRST_CODE + remaindersOf(codes);

/** The two rows of a code, relative to the first row of the codes. */
export function composedRows(codes: ComposedCodes, code: number): [remainder: number, quotient: number] {
  const remainders = remaindersOf(codes);
  const quotient = Math.floor((code - FIRST_CODE + remainders) / remainders); // 1 + b div m; 0 for a reserved code
  return [code - Math.max(0, quotient - 1) * remainders, firstQuotientRow(codes) + quotient];
}

/** The code of two rows: the inverse of {@link composedRows}. */
export const composedCode = (codes: ComposedCodes, [remainder, quotient]: readonly [number, number]): number =>
  remainder + Math.max(0, quotient - firstQuotientRow(codes) - 1) * remaindersOf(codes);
