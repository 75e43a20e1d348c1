import { hashedCodes } from '../features/codes.ts';
import { defineFeature, type DeclaredFeature } from '../features/define-feature.ts';
import { textOf } from '../features/values.ts';
import { oneOf, optional, wholeNumber } from '@polytask/components';

/** The options of a text; each has a default. */
interface TextOptions {
  /** The number of buckets into which words and n-grams are hashed. Default 16,384. */
  readonly buckets: number;
  /** The longest sequence of words: 2 adds each pair of neighbors. Default 1. */
  readonly words: number;
  /** The length of the n-grams of characters within a word; 0 for none. They recognize endings and misspellings. Default 3. */
  readonly characters: number;
  /** The most words and n-grams of a row. Further ones are ignored, those of characters first. Default 64. */
  readonly maxLength: number;
  /** How their vectors are combined. Default `mean`. */
  readonly pooling: 'mean' | 'sum';
}

/** A column of free text. */
export interface TextDeclaration extends DeclaredFeature, Partial<TextOptions> {
  readonly kind: 'text';
}

/** A fitted text. */
export interface TextFeature extends TextOptions {
  readonly kind: 'text';
}

const DEFAULTS: TextOptions = { buckets: 16_384, words: 1, characters: 3, maxLength: 64, pooling: 'mean' };

const checksOf = {
  buckets: wholeNumber(1),
  words: wholeNumber(1),
  characters: wholeNumber(),
  maxLength: wholeNumber(1),
  pooling: oneOf('mean', 'sum'),
};

/**
 * Declares a column of free text: its words, and the n-grams of their characters, hashed and pooled (Joulin et al. 2017, "Bag of tricks for
 * efficient text classification"). Upper and lower case are the same. An empty text becomes zeros.
 *
 * @throws PolytaskError for an unknown option, and for an option value of the wrong kind
 * @example text({ words: 2, buckets: 100_000 })
 */
export const text = defineFeature<TextDeclaration, TextFeature>('text', {
  options: () => ({
    buckets: optional(checksOf.buckets),
    words: optional(checksOf.words),
    characters: optional(checksOf.characters),
    maxLength: optional(checksOf.maxLength),
    pooling: optional(checksOf.pooling),
  }),
  cell: 'text',
  fit: ({ from: _, ...declared }) => ({ finish: () => ({ ...DEFAULTS, ...declared }) }),
  declare: ({ kind: _, ...options }) => options,
  fitted: () => checksOf,
  form: (feature) => ({
    type: 'ids',
    codes: hashedCodes(feature),
    entries: (value, name) => tokensOf(textOf(value, name) ?? '', feature),
    separator: ' ',
    width: feature.maxLength,
    pooling: feature.pooling,
  }),
  description: 'free text: its words and the n-grams of their characters, hashed',
  package: '@polytask/core/features',
});

/**
 * The words of a text, then its sequences of words, then the n-grams of characters, `#` at both ends of a word.
 *
 * @example tokensOf('Hot tea', { words: 2, characters: 3 }) // ['hot', 'tea', 'hot tea', '#ho', 'hot#' …]
 */
export function tokensOf(value: string, { words, characters }: Pick<TextOptions, 'words' | 'characters'>): string[] {
  const single =
    value
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const sequences = Array.from({ length: words - 1 }, (_, i) => i + 2).flatMap((length) =>
    gramsOf(single, length, ' '),
  );
  const grams = characters === 0 ? [] : single.flatMap((word) => gramsOf([...`#${word}#`], characters, ''));
  return [...single, ...sequences, ...grams];
}

const gramsOf = (parts: readonly string[], length: number, between: string): string[] =>
  Array.from({ length: Math.max(0, parts.length - length + 1) }, (_, i) => parts.slice(i, i + length).join(between));
