import type { CategoricalFeature, Feature, HashedFeature, NumericFeature } from '@polytask/core';
import type { CategoricalDeclaration, FeatureDeclaration, HashedDeclaration, NumericDeclaration } from '../declarations/features.ts';
import { columnIn, type Table } from '../table/table.ts';
import { countCodes, countListCodes, longestList } from './counts.ts';

/** Fits one feature on the rows with these numbers; nothing else of the table has a say. */
export function fitFeature(table: Table, name: string, declared: FeatureDeclaration, rows: ArrayLike<number>): Feature {
  const column = declared.from ?? name;
  switch (declared.kind) {
    case 'numeric':
      return fitNumbers(declared, columnIn(table, 'numbers', column), rows);
    case 'vector':
      return { kind: 'vector', width: declared.width };
    case 'categorical':
    case 'hashed': {
      const texts = columnIn(table, 'texts', column);
      return fitValues(declared, texts.dictionary, () => countCodes(texts, rows));
    }
    case 'multi-valued': {
      const lists = columnIn(table, 'lists', name);
      const { values = { kind: 'categorical' }, maxLength, pooling = 'mean' } = declared;
      return {
        kind: 'multi-valued',
        values: fitValues(values, lists.dictionary, () => countListCodes(lists, rows)),
        separator: lists.separator,
        maxLength: maxLength ?? Math.max(1, longestList(lists, rows)),
        pooling,
      };
    }
  }
}

/** Mean and deviation (divided by n) of the values that are there, after the logarithm. */
function fitNumbers(declared: NumericDeclaration, values: Float64Array, rows: ArrayLike<number>): NumericFeature {
  const options = { ...(declared.log && { log: true }), ...(declared.indicator && { indicator: true }) };
  if (declared.standardise === false) return { kind: 'numeric', mean: 0, deviation: 1, ...options };

  const scale = declared.log ? (value: number) => Math.sign(value) * Math.log1p(Math.abs(value)) : (value: number) => value;
  let [count, shift, mean, squares] = [0, 0, 0, 0];
  let varies = false;
  for (let i = 0; i < rows.length; i++) {
    const value = scale(values[rows[i]!]!);
    if (Number.isNaN(value)) continue;
    if (count === 0) shift = value;
    const moved = value - shift; // and Welford's sums: no digits are lost where the mean is large
    const step = moved - mean;
    mean += step / ++count;
    squares += step * (moved - mean);
    varies ||= moved !== 0;
  }
  return { kind: 'numeric', mean: shift + mean, deviation: varies ? Math.sqrt(squares / count) : 0, ...options };
}

/** The vocabulary: most frequent first, equally frequent ones by their text, so that the order of rows has no say. */
function fitValues(
  declared: CategoricalDeclaration | HashedDeclaration,
  dictionary: readonly string[],
  count: () => Uint32Array,
): CategoricalFeature | HashedFeature {
  if (declared.kind === 'hashed') return { kind: 'hashed', buckets: declared.buckets };
  if (declared.vocabulary) return { kind: 'categorical', vocabulary: declared.vocabulary };
  const counts = count();
  const { minCount = 1, maxSize = Infinity } = declared;
  const vocabulary = dictionary
    .map((text, code) => ({ text, count: counts[code]! }))
    .filter((each) => each.count >= minCount)
    .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1))
    .slice(0, maxSize)
    .map(({ text }) => text);
  return { kind: 'categorical', vocabulary };
}
