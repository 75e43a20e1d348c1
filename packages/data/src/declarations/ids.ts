import { fail, listOf, optional, text, wholeNumber, type Written } from '@polytask/components';
import type { DeclaredFeature, Feature, IdFeature } from '@polytask/core';
import { type Coded, columnIn, type ColumnRows, needOf } from '../columns/columns.ts';
import { countCodes, ValueCounts, type Vocabularies } from '../statistics/counts.ts';
import type { Fitter } from '../statistics/statistics.ts';
import { declared, type DeclaredKind, from, type Kinds } from './declared-kind.ts';

const count = optional(wholeNumber(1));

const embedded = {
  /**
   * The width of the feature's embedding, in vectors of `embed`'s dimension: 4 of 8 values are 32. A list that
   * shares the vocabulary reads the first vector. Default 1.
   */
  vectors: count,
};

const ofVocabulary = {
  /** Rarer values of the training rows count as unknown. Default 1. */
  minCount: count,
  /** The vocabulary has at most this many values, the most frequent ones. Default: all. */
  maxSize: count,
  /** The vocabulary itself. Then no row is counted. */
  vocabulary: optional(listOf(text)),
  ...embedded,
};

/** One text of a vocabulary. The vocabulary is declared, or comes from the training rows. */
export interface CategoricalDeclaration extends DeclaredFeature, Written<typeof ofVocabulary> {
  readonly kind: 'categorical';
}

const ofBuckets = {
  /** The number of buckets. Texts in the same bucket have the same vector. */
  buckets: wholeNumber(1),
  /**
   * Composes the vector of a bucket from two rows, that of the remainder and that of the quotient of its number (Shi et al. 2019).
   * The table has buckets / quotients + quotients rows. Default: one row for each bucket.
   */
  quotients: optional(wholeNumber(2)),
  ...embedded,
};

/** Any text, by its hash. It needs no vocabulary, but two texts may share a bucket. */
export interface HashedDeclaration extends DeclaredFeature, Written<typeof ofBuckets> {
  readonly kind: 'hashed';
}

const ofOther = {
  /** The feature whose vocabulary it is. */
  with: text,
};

/** One text with the vocabulary, and the embeddings, of another feature. Both features' rows count for the vocabulary. */
export interface SharedDeclaration extends DeclaredFeature, Written<typeof ofOther> {
  readonly kind: 'shared';
}

/** The declaration of one id. */
export type IdDeclaration = CategoricalDeclaration | HashedDeclaration | SharedDeclaration;

const oneText = {
  needs: (name: string, { from = name }: DeclaredFeature) => [needOf('texts', from)],
  ids: (declaration: DeclaredFeature) => declaration,
  fitter: ((name, declaration, vocabularies) =>
    idsFitter(name, declaration as IdDeclaration, vocabularies, (table) =>
      columnIn(table, 'texts', declaration.from ?? name),
    )) satisfies DeclaredKind['fitter'],
};

const categoricalKind: DeclaredKind<CategoricalDeclaration> = {
  description: 'one value of a vocabulary',
  options: { from, ...ofVocabulary },
  ...oneText,
  check({ vocabulary }) {
    const repeated = vocabulary?.find((value, i) => vocabulary.indexOf(value) !== i);
    if (repeated === undefined) return;
    fail({
      expected: 'a vocabulary of different values',
      received: `${JSON.stringify(repeated)} twice`,
      fix: 'Leave the second one out.',
    });
  },
};

/** Hashed and shared features have all options of their declarations, but for the column. */
const declare = ({ kind: _, ...options }: Feature): object => options;

const hashedKind: DeclaredKind<HashedDeclaration> = {
  description: 'any text, by its hash',
  options: { from, ...ofBuckets },
  ...oneText,
  check({ buckets, quotients = 0 }, where) {
    if (2 * quotients <= buckets) return;
    fail({
      expected: `at most ${Math.floor(buckets / 2)} quotients for the ${buckets} buckets of ${where}`,
      received: String(quotients),
      fix: 'Pass fewer quotients, such as 4.',
    });
  },
  declare,
};

const sharedKind: DeclaredKind<SharedDeclaration> = {
  description: 'a value of the vocabulary of another feature',
  options: { from, ...ofOther },
  ...oneText,
  declare,
};

export const ID_KINDS = { categorical: categoricalKind, hashed: hashedKind, shared: sharedKind } as unknown as Kinds;

/**
 * Declares a column of categories.
 *
 * @throws PolytaskError as `numeric` does, and for a vocabulary with the same value twice
 * @example categorical({ minCount: 5 })
 */
export const categorical = (given?: Omit<CategoricalDeclaration, 'kind'>): CategoricalDeclaration =>
  declared('categorical', categoricalKind, given);

/**
 * Declares a column of categories that are encoded by their hash.
 *
 * @throws PolytaskError as `numeric` does
 * @example hashed({ buckets: 10_000 })
 * @example hashed({ buckets: 10_000_000, quotients: 4 }) // a table of 2.5 million rows
 * @example hashed({ buckets: 10_000, vectors: 4 }) // 32 values for each value with embed({ dimension: 8 })
 */
export const hashed = (given: Omit<HashedDeclaration, 'kind'>): HashedDeclaration =>
  declared('hashed', hashedKind, given);

/**
 * Declares a column with the vocabulary and the embeddings of another feature.
 *
 * @throws PolytaskError as `numeric` does
 * @example shared({ with: 'item' }) // the column `last_item`, say
 */
export const shared = (given: Omit<SharedDeclaration, 'kind'>): SharedDeclaration =>
  declared('shared', sharedKind, given);

/** Empty counts, of at most `cap` values, for each vocabulary that is fitted: that of a declaration without one. */
export const emptyVocabularies = (
  ids: Readonly<Record<string, IdDeclaration | undefined>>,
  cap: number,
): Vocabularies =>
  new Map(
    Object.entries(ids).flatMap(([name, declared]) => {
      if (!declared || 'buckets' in declared || 'with' in declared || declared.vocabulary) return [];
      return [[name, new ValueCounts(cap, declared.minCount)] as const];
    }),
  );

/** Fits the ids of a feature. Features that share a vocabulary count their values together. */
export function idsFitter(
  name: string,
  declared: IdDeclaration,
  vocabularies: Vocabularies,
  read: (table: ColumnRows) => Coded,
): Fitter<IdFeature> {
  const counts = vocabularies.get('with' in declared ? declared.with : name);
  return {
    add(table, rows) {
      const column = read(table);
      counts?.add(column.dictionary, countCodes(column, rows));
    },
    finish() {
      const { from: _, ...feature } = declared;
      if ('buckets' in feature || 'with' in feature) return feature as IdFeature;
      const { vocabulary, minCount = 1, maxSize = Infinity, vectors } = feature;
      const frequent = () => counts!.ranked().filter(([, count]) => count >= minCount);
      return {
        kind: 'categorical',
        vocabulary: vocabulary ?? Array.from(frequent().slice(0, maxSize), ([text]) => text),
        ...(vectors !== undefined && { vectors }),
      };
    },
  };
}
