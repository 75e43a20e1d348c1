import type { CategoricalFeature, Feature, HashedFeature } from '@polytask/core';
import type {
  CategoricalDeclaration,
  FeatureDeclaration,
  HashedDeclaration,
  MultiValuedDeclaration,
} from '../declarations/features.ts';
import { SEPARATOR } from '../declarations/needs.ts';
import { columnIn } from '../table/table.ts';
import { countCodes, countListCodes, longestList } from './counts.ts';
import type { Fitter } from './fitter.ts';
import { momentsFitter } from './moments-fitter.ts';
import { ValueCounts } from './value-counts.ts';

/** Fits one feature. @param cap how many different values are counted at most */
export function featureFitter(name: string, declared: FeatureDeclaration, cap: number): Fitter<Feature> {
  const column = declared.from ?? name;
  switch (declared.kind) {
    case 'numeric':
      return momentsFitter(column, declared);
    case 'vector':
      return { add() {}, finish: () => ({ kind: 'vector', width: declared.width }) };
    case 'categorical':
    case 'hashed':
      return valuesFitter(column, declared, cap);
    case 'multi-valued':
      return listsFitter(name, declared, cap);
  }
}

/** What the values of a feature become, from their counts; undefined where nothing has to be counted. */
const countsFor = (declared: CategoricalDeclaration | HashedDeclaration, cap: number): ValueCounts | undefined =>
  declared.kind === 'hashed' || declared.vocabulary ? undefined : new ValueCounts(cap);

function valuesFitter(
  column: string,
  declared: CategoricalDeclaration | HashedDeclaration,
  cap: number,
): Fitter<Feature> {
  const counts = countsFor(declared, cap);
  return {
    add(table, rows) {
      const texts = columnIn(table, 'texts', column);
      counts?.add(texts.dictionary, countCodes(texts, rows));
    },
    finish: () => fitted(declared, counts),
  };
}

function listsFitter(name: string, declared: MultiValuedDeclaration, cap: number): Fitter<Feature> {
  const { values = { kind: 'categorical' }, maxLength, pooling = 'mean', separator = SEPARATOR } = declared;
  const counts = countsFor(values, cap);
  let longest = 1;
  return {
    add(table, rows) {
      const lists = columnIn(table, 'lists', name);
      counts?.add(lists.dictionary, countListCodes(lists, rows));
      longest = Math.max(longest, longestList(lists, rows));
    },
    finish: () => ({
      kind: 'multi-valued',
      values: fitted(values, counts),
      separator,
      maxLength: maxLength ?? longest,
      pooling,
    }),
  };
}

function fitted(
  declared: CategoricalDeclaration | HashedDeclaration,
  counts: ValueCounts | undefined,
): CategoricalFeature | HashedFeature {
  if (declared.kind === 'hashed') return { kind: 'hashed', buckets: declared.buckets };
  if (!counts) return { kind: 'categorical', vocabulary: declared.vocabulary! };
  const { minCount = 1, maxSize = Infinity } = declared;
  const vocabulary = counts
    .sorted()
    .filter(([, count]) => count >= minCount)
    .slice(0, maxSize)
    .map(([text]) => text);
  return { kind: 'categorical', vocabulary };
}
