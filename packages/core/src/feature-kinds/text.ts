import { hashedCodes } from '../features/codes.ts';
import { defineFeature } from '../features/feature-kind.ts';
import { textOf } from '../features/values.ts';
import { oneOf, optional, wholeNumber, type Read } from '@polytask/components';

const options = {
  /** The number of buckets into which words and n-grams are hashed. */
  buckets: optional(wholeNumber(1), 16_384),
  /** The longest sequence of words: 2 adds each pair of neighbors. */
  words: optional(wholeNumber(1), 1),
  /** The length of the n-grams of characters within a word; 0 for none. They recognize endings and misspellings. */
  characters: optional(wholeNumber(), 3),
  /** The most words and n-grams of a row. Further ones are ignored, those of characters first. */
  maxLength: optional(wholeNumber(1), 64),
  /** How their vectors are combined. */
  pooling: optional(oneOf('mean', 'sum'), 'mean'),
};

/**
 * Declares a column of free text: its words, and the n-grams of their characters, hashed and pooled (Joulin et al. 2017, "Bag of tricks for
 * efficient text classification"). Upper and lower case are the same. An empty text becomes zeros.
 *
 * @throws PolytaskError for an unknown option, and for an option value of the wrong kind
 * @example text({ words: 2, buckets: 100_000 })
 */
export const text = defineFeature('text', {
  options,
  cell: 'text',
  fit: (declared) => ({ finish: () => declared }),
  declare: (fitted) => fitted,
  fitted: options,
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

/** The words of a text, then its sequences of words, then the n-grams of characters, `#` at both ends of a word. */
export function tokensOf(
  value: string,
  { words, characters }: Pick<Read<typeof options>, 'words' | 'characters'>,
): string[] {
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
