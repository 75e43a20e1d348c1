import type { IdFeature } from '@polytask/core';
import type { Lists, Texts } from '../columns/columns.ts';
import type { FeatureDeclaration, IdDeclaration } from '../declarations/features.ts';
import type { Table } from '../table/table.ts';
import { countCodes, countListCodes, ValueCounts, type Fitter } from './statistics.ts';

/** The counts of the values of each vocabulary that is fitted, by the feature that owns the vocabulary. */
export type Vocabularies = ReadonlyMap<string, ValueCounts>;

/** Empty counts for each vocabulary that is fitted. @param cap the largest number of different values to count for each */
export const emptyVocabularies = (features: Readonly<Record<string, FeatureDeclaration>>, cap: number): Vocabularies =>
  new Map(
    Object.entries(features).flatMap(([name, declared]) => {
      const ids = idsOf(declared);
      if (ids?.kind !== 'categorical' || ids.vocabulary) return [];
      return [[name, new ValueCounts(cap, ids.minCount)] as const];
    }),
  );

const ANY_ID: IdDeclaration = { kind: 'categorical' };

/** The declaration of a feature's ids, with its default; undefined for numbers. */
export function idsOf(declared: FeatureDeclaration): IdDeclaration | undefined {
  switch (declared.kind) {
    case 'numeric':
    case 'vector':
      return undefined;
    case 'multi-valued':
      return declared.values ?? ANY_ID;
    case 'id-sequence':
      return declared.values ?? (declared.target === undefined ? ANY_ID : { kind: 'shared', with: declared.target });
    case 'side-column':
      return declared.values?.kind === 'numeric' ? undefined : (declared.values ?? ANY_ID);
    default:
      return declared;
  }
}

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
  const counts = vocabularies.get(declared.kind === 'shared' ? declared.with : name);
  return {
    add(table, rows) {
      const column = read(table);
      counts?.add(column.dictionary, 'offsets' in column ? countListCodes(column, rows) : countCodes(column, rows));
    },
    finish() {
      if (declared.kind === 'hashed') {
        const { buckets, quotients } = declared;
        return { kind: 'hashed', buckets, ...(quotients !== undefined && { quotients }), ...vectorsOf(declared) };
      }
      if (declared.kind === 'shared') return { kind: 'shared', with: declared.with };
      if (declared.vocabulary) return { kind: 'categorical', vocabulary: declared.vocabulary, ...vectorsOf(declared) };
      const { minCount = 1, maxSize = Infinity } = declared;
      const vocabulary = counts!
        .sorted()
        .filter(([, count]) => count >= minCount)
        .slice(0, maxSize)
        .map(([text]) => text);
      return { kind: 'categorical', vocabulary, ...vectorsOf(declared) };
    },
  };
}

const vectorsOf = ({ vectors }: { readonly vectors?: number }) => (vectors === undefined ? {} : { vectors });
