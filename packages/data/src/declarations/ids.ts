import { checks, fail, type DeclaredFeature, type IdFeature } from '@polytask/core';
import { columnIn, type ColumnRows, type Lists, type Texts } from '../columns/columns.ts';
import { countCodes, countListCodes, ValueCounts, type Vocabularies } from '../statistics/counts.ts';
import type { Fitter } from '../statistics/statistics.ts';
import { text, texts } from '../options/checks.ts';
import { declared, type DeclaredKind } from './declared-kind.ts';

/** One text of a vocabulary. The vocabulary is declared, or comes from the training rows. */
export interface CategoricalDeclaration extends DeclaredFeature {
  readonly kind: 'categorical';
  /** Rarer values of the training rows count as unknown. Default 1. */
  readonly minCount?: number;
  /** The vocabulary has at most this many values, the most frequent ones. Default: all. */
  readonly maxSize?: number;
  /** The vocabulary itself. Then no row is counted. */
  readonly vocabulary?: readonly string[];
  /**
   * The width of the feature's embedding, in vectors of `embed`'s dimension: 4 of 8 values are 32. A list that
   * shares the vocabulary reads the first vector. Default 1.
   */
  readonly vectors?: number;
}

/** Any text, by its hash. It needs no vocabulary, but two texts may share a bucket. */
export interface HashedDeclaration extends DeclaredFeature {
  readonly kind: 'hashed';
  /** The number of buckets. Texts in the same bucket have the same vector. */
  readonly buckets: number;
  /**
   * Composes the vector of a bucket from two rows, that of the remainder and that of the quotient of its number (Shi et al. 2019).
   * The table has buckets / quotients + quotients rows. Default: one row for each bucket.
   */
  readonly quotients?: number;
  /**
   * The width of the feature's embedding, in vectors of `embed`'s dimension: 4 of 8 values are 32. A list that
   * shares the vocabulary reads the first vector. Default 1.
   */
  readonly vectors?: number;
}

/** One text with the vocabulary, and the embeddings, of another feature. Both features' rows count for the vocabulary. */
export interface SharedDeclaration extends DeclaredFeature {
  readonly kind: 'shared';
  /** The feature whose vocabulary it is. */
  readonly with: string;
}

/** The declaration of one id. */
export type IdDeclaration = CategoricalDeclaration | HashedDeclaration | SharedDeclaration;

const { optional, wholeNumber } = checks;
const from = optional(text);
const count = optional(wholeNumber(1));

/** What the kinds with one text have in common. */
const oneText = {
  needs: (name: string, { from: column = name }: DeclaredFeature) => [{ kind: 'texts', key: column, column }] as const,
  ids: (declaration: DeclaredFeature) => declaration,
  fitter: ((name, declaration, vocabularies) =>
    idsFitter(name, declaration as IdDeclaration, vocabularies, (table) =>
      columnIn(table, 'texts', declaration.from ?? name),
    )) satisfies DeclaredKind['fitter'],
};

const categoricalKind: DeclaredKind<CategoricalDeclaration> = {
  name: 'categorical',
  description: 'one value of a vocabulary',
  options: { from, minCount: count, maxSize: count, vocabulary: optional(texts), vectors: count },
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
  declare: () => ({}),
};

const hashedKind: DeclaredKind<HashedDeclaration> = {
  name: 'hashed',
  description: 'any text, by its hash',
  options: { from, buckets: wholeNumber(1), quotients: optional(wholeNumber(2)), vectors: count },
  ...oneText,
  check({ buckets, quotients = 0 }, where) {
    if (2 * quotients <= buckets) return;
    fail({
      expected: `at most ${Math.floor(buckets / 2)} quotients for the ${buckets} buckets of ${where}`,
      received: String(quotients),
      fix: 'Pass fewer quotients, such as 4.',
    });
  },
  declare: ({ kind: _, ...options }) => options as Omit<HashedDeclaration, 'kind'>,
};

const sharedKind: DeclaredKind<SharedDeclaration> = {
  name: 'shared',
  description: 'a value of the vocabulary of another feature',
  options: { from, with: text },
  ...oneText,
  declare: ({ kind: _, ...options }) => options as Omit<SharedDeclaration, 'kind'>,
};

export const ID_KINDS = {
  categorical: categoricalKind,
  hashed: hashedKind,
  shared: sharedKind,
} as unknown as Readonly<Record<string, DeclaredKind>>;

/**
 * Declares a column of categories.
 *
 * @throws PolytaskError as `numeric` does, and for a vocabulary with the same value twice
 * @example categorical({ minCount: 5 })
 */
export const categorical = (options: Omit<CategoricalDeclaration, 'kind'> = {}): CategoricalDeclaration =>
  declared('categorical', categoricalKind, options);

/**
 * Declares a column of categories that are encoded by their hash.
 *
 * @throws PolytaskError as `numeric` does
 * @example hashed({ buckets: 10_000 })
 * @example hashed({ buckets: 10_000_000, quotients: 4 }) // a table of 2.5 million rows
 * @example hashed({ buckets: 10_000, vectors: 4 }) // 32 values for each value with embed({ dimension: 8 })
 */
export const hashed = (options: Omit<HashedDeclaration, 'kind'>): HashedDeclaration =>
  declared('hashed', hashedKind, options);

/**
 * Declares a column with the vocabulary and the embeddings of another feature.
 *
 * @throws PolytaskError as `numeric` does
 * @example shared({ with: 'item' }) // the column `last_item`, say
 */
export const shared = (options: Omit<SharedDeclaration, 'kind'>): SharedDeclaration =>
  declared('shared', sharedKind, options);

const FITTED: { [K in IdDeclaration['kind']]: (declared: Of<K>, counts: ValueCounts | undefined) => IdFeature } = {
  categorical({ vocabulary, minCount = 1, maxSize = Infinity, ...declared }, counts) {
    if (vocabulary) return { kind: 'categorical', vocabulary, ...vectorsOf(declared) };
    const counted = counts!
      .ranked()
      .filter(([, count]) => count >= minCount)
      .slice(0, maxSize)
      .map(([text]) => text);
    return { kind: 'categorical', vocabulary: counted, ...vectorsOf(declared) };
  },
  hashed: ({ buckets, quotients, ...declared }) => ({
    kind: 'hashed',
    buckets,
    ...(quotients !== undefined && { quotients }),
    ...vectorsOf(declared),
  }),
  shared: (declared) => ({ kind: 'shared', with: declared.with }),
};

type Of<K> = Extract<IdDeclaration, { readonly kind: K }>;

const vectorsOf = ({ vectors }: { readonly vectors?: number }) => (vectors === undefined ? {} : { vectors });

/**
 * Empty counts for each vocabulary that is fitted.
 *
 * @param ids the declaration of each feature's ids, by the name of the feature
 * @param cap the largest number of different values to count for each
 */
export const emptyVocabularies = (
  ids: Readonly<Record<string, IdDeclaration | undefined>>,
  cap: number,
): Vocabularies =>
  new Map(
    Object.entries(ids).flatMap(([name, declared]) => {
      const counted = declared && COUNTED[declared.kind]?.(declared as Of<'categorical'>);
      return counted ? [[name, new ValueCounts(cap, counted.minCount)] as const] : [];
    }),
  );

/** The kinds whose values are counted, and the declarations with a vocabulary to find. */
const COUNTED: Partial<Record<IdDeclaration['kind'], (declared: Of<'categorical'>) => Of<'categorical'> | undefined>> =
  {
    categorical: (declared) => (declared.vocabulary ? undefined : declared),
  };

/**
 * Fits the ids of a feature. Features that share a vocabulary count their values together.
 *
 * @param name the feature
 * @param read reads the feature's column of a table
 */
export function idsFitter(
  name: string,
  declared: IdDeclaration,
  vocabularies: Vocabularies,
  read: (table: ColumnRows) => Texts | Lists,
): Fitter<IdFeature> {
  const counts = vocabularies.get('with' in declared ? declared.with : name);
  return {
    add(table, rows) {
      const column = read(table);
      counts?.add(column.dictionary, 'offsets' in column ? countListCodes(column, rows) : countCodes(column, rows));
    },
    finish: () => FITTED[declared.kind](declared as never, counts),
  };
}
