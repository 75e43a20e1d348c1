import {
  emptyBatch,
  fail,
  PolytaskError,
  signedLog,
  suggestion,
  valueEncoder,
  type CategoricalFeature,
  type Feature,
  type FeatureArrays,
  type FeaturePlace,
  type HashedFeature,
  type Layout,
  type NumericFeature,
} from '@polytask/core';
import type { Texts } from '../columns/columns.ts';
import { wrongValue } from '../columns/values.ts';
import type {
  CategoricalDeclaration,
  FeatureDeclaration,
  HashedDeclaration,
  MultiValuedDeclaration,
  NumericDeclaration,
} from '../declarations/features.ts';
import { columnIn, type Table } from '../table/table.ts';
import { checkSize, countCodes, countListCodes, Moments, ValueCounts, type Fitter } from './statistics.ts';

// For each kind of feature: the columns to read, fitting, and encoding.

/** A column to read, and its form. A column can be read in two forms. `key` is its name in {@link Columns}. */
export type Need =
  | { readonly kind: 'numbers' | 'texts'; readonly key: string; readonly column: string }
  | { readonly kind: 'lists'; readonly key: string; readonly column: string; readonly separator: string }
  | { readonly kind: 'vectors'; readonly key: string; readonly column: string; readonly width: number };

/** The default separator of multi-valued cells. */
const SEPARATOR = '|';

/** The columns that a feature reads, with their forms. @throws PolytaskError for an unknown kind */
export function featureNeeds(name: string, feature: FeatureDeclaration): Need[] {
  const column = feature.from ?? name;
  switch (feature.kind) {
    case 'numeric':
      return [{ kind: 'numbers', key: column, column }];
    case 'categorical':
    case 'hashed':
      return [{ kind: 'texts', key: column, column }];
    case 'multi-valued':
      return [{ kind: 'lists', key: name, column, separator: feature.separator ?? SEPARATOR }];
    case 'vector':
      if (!feature.columns) return [{ kind: 'vectors', key: name, column, width: feature.width }];
      return feature.columns.map((name): Need => ({ kind: 'numbers', key: name, column: name }));
    default: {
      const kind = (feature as { kind?: unknown } | undefined)?.kind;
      return fail({
        expected: `feature "${name}" to be declared with numeric, categorical, hashed, multiValued or vector`,
        received: JSON.stringify(kind) ?? 'nothing',
        mend: suggestion(String(kind), ['numeric', 'categorical', 'hashed', 'multiValued', 'vector']),
      });
    }
  }
}

/** The names of the columns that a feature reads. */
export const columnsOf = (name: string, feature: FeatureDeclaration): readonly string[] =>
  (feature.kind === 'vector' ? feature.columns : undefined) ?? [feature.from ?? name];

/** Fits one feature. @param cap the largest number of different values to count */
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

/** The counts of a feature's values; undefined for a feature that needs none. */
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
      const { offsets } = lists;
      for (let i = 0; i < rows.length; i++) longest = Math.max(longest, offsets[rows[i]! + 1]! - offsets[rows[i]!]!);
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

/** Writes one feature of these rows into the arrays, with core's encoder of single values. */
export function encodeFeature(
  table: Table,
  declared: FeatureDeclaration,
  place: FeaturePlace,
  layout: Layout,
  rows: ArrayLike<number>,
  arrays: FeatureArrays,
): void {
  const encode = valueEncoder(place, layout);
  const column = declared.from ?? place.name;
  switch (declared.kind) {
    case 'numeric': {
      const values = columnIn(table, 'numbers', column);
      for (let i = 0; i < rows.length; i++) {
        try {
          encode(values[rows[i]!], arrays, i);
        } catch (error) {
          const place = `In ${table.where(rows[i]!)}, column "${column}": `;
          throw error instanceof PolytaskError ? new PolytaskError(place + error.message, { cause: error }) : error;
        }
      }
      return;
    }
    case 'categorical':
    case 'hashed': {
      const texts = columnIn(table, 'texts', column);
      const idOf = idsOf(texts, place, layout);
      for (let i = 0, at = place.column; i < rows.length; i++, at += layout.fields) {
        arrays.ids[at] = idOf[texts.codes[rows[i]!]! + 1]!;
      }
      return;
    }
    case 'multi-valued': {
      const { offsets, codes, dictionary } = columnIn(table, 'lists', place.name);
      for (let i = 0; i < rows.length; i++) {
        const list: string[] = [];
        for (let at = offsets[rows[i]!]!; at < offsets[rows[i]! + 1]!; at++) list.push(dictionary[codes[at]!]!);
        encode(list, arrays, i);
      }
      return;
    }
    case 'vector': {
      const read = declared.columns ? sideBySide(table, declared.columns) : fromVectors(table, place.name);
      for (let i = 0; i < rows.length; i++) encode(read(rows[i]!), arrays, i);
    }
  }
}

/** The id of each code: index 0 is for a missing value (code −1). Each text is encoded once. */
function idsOf({ dictionary }: Texts, place: FeaturePlace, layout: Layout): Int32Array {
  const encode = valueEncoder(place, layout);
  const one = emptyBatch(1, layout);
  return Int32Array.from([null, ...dictionary], (value) => {
    encode(value, one, 0);
    return one.ids[place.column]!;
  });
}

function fromVectors(table: Table, name: string): (row: number) => ArrayLike<number> {
  const { width, values } = columnIn(table, 'vectors', name);
  return (row) => values.subarray(row * width, (row + 1) * width);
}

function sideBySide(table: Table, names: readonly string[]): (row: number) => ArrayLike<number> {
  const columns = names.map((name) => columnIn(table, 'numbers', name));
  const numbers = new Float64Array(columns.length);
  return (row) => {
    columns.forEach((values, i) => {
      const value = values[row]!;
      numbers[i] = value;
      if (Number.isFinite(Math.fround(value))) return;
      const mend = Number.isNaN(value)
        ? 'A vector may not have missing numbers: fill them, or declare numeric().'
        : 'The numbers of a vector are not scaled, and 32 bits hold none of 3.4e38 or more: correct the cell.';
      wrongValue(Number.isNaN(value) ? null : value, 'a number', names[i]!, table.where(row), mend);
    });
    return numbers;
  };
}

/** Mean and standard deviation (divided by n) of the values, after the logarithm where it is declared. Missing values are skipped. */
function momentsFitter(column: string, declared: NumericDeclaration): Fitter<NumericFeature> {
  const options = { ...(declared.log && { log: true }), ...(declared.indicator && { indicator: true }) };
  if (declared.standardize === false) {
    return { add() {}, finish: () => ({ kind: 'numeric', mean: 0, deviation: 1, ...options }) };
  }
  const scale = declared.log ? signedLog : (value: number) => value;
  const moments = new Moments();
  return {
    add(table, rows) {
      const values = columnIn(table, 'numbers', column);
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        const value = scale(values[row]!);
        if (Number.isNaN(value)) continue;
        checkSize(value, values[row]!, 'a number', 'numeric({ log: true })', column, table, row);
        moments.add(value);
      }
    },
    finish: () => ({ kind: 'numeric', mean: moments.mean, deviation: moments.deviation, ...options }),
  };
}
