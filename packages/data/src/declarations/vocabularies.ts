import type { IdFeature } from '@polytask/core';
import type { Lists, Texts } from '../columns/columns.ts';
import type { IdDeclaration } from './ids.ts';
import type { Table } from '../table/table.ts';
import { countCodes, countListCodes, ValueCounts, type Fitter } from '../fitting/statistics.ts';

/** The counts of the values of each vocabulary that is fitted, by the feature that owns the vocabulary. */
export type Vocabularies = ReadonlyMap<string, ValueCounts>;

/** The fitted feature of each kind of id. */
const FITTED: { [K in IdDeclaration['kind']]: (declared: Of<K>, counts: ValueCounts | undefined) => IdFeature } = {
  categorical({ vocabulary, minCount = 1, maxSize = Infinity, ...declared }, counts) {
    if (vocabulary) return { kind: 'categorical', vocabulary, ...vectorsOf(declared) };
    const counted = counts!
      .sorted()
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
  read: (table: Table) => Texts | Lists,
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
