import {
  checkLength,
  emptyBatch,
  fail,
  PolytaskError,
  signedLog,
  suggestion,
  valueEncoder,
  type Feature,
  type FeatureArrays,
  type FeaturePlace,
  type IdFeature,
  type Layout,
  type NumericFeature,
  BATCH_PARTS,
  featureParts,
} from '@polytask/core';
import type { Texts } from '../columns/columns.ts';
import { wrongValue } from '../columns/values.ts';
import type {
  FeatureDeclaration,
  IdDeclaration,
  MultiValuedDeclaration,
  NumericDeclaration,
} from '../declarations/features.ts';
import type { IdSequenceDeclaration, SideColumnDeclaration } from '../declarations/sequences.ts';
import { columnIn, type Table } from '../table/table.ts';
import { listLength, numberLists, textLists } from './lists.ts';
import { checkSize, Moments, type Fitter } from './statistics.ts';
import { idsFitter, idsOf, type Vocabularies } from './vocabularies.ts';

// For each kind of feature: the columns to read, fitting, encoding, and the declaration of a fitted feature.

/** A column to read, and its form. A column can be read in two forms. `key` is its name in {@link Columns}. */
export type Need =
  | { readonly kind: 'numbers' | 'texts'; readonly key: string; readonly column: string }
  | {
      readonly kind: 'lists';
      readonly key: string;
      readonly column: string;
      readonly separator: string;
      readonly empty: 'left-out' | 'kept';
    }
  | { readonly kind: 'vectors'; readonly key: string; readonly column: string; readonly width: number };

/** The default separator of lists. */
const SEPARATOR = '|';

/** The functions that declare a feature, for messages. */
const FUNCTIONS = ['numeric', 'categorical', 'hashed', 'shared', 'multiValued', 'idSequence', 'sideColumn', 'vector'];

/** The columns that a feature reads, with their forms. @throws PolytaskError for an unknown kind */
export function featureNeeds(name: string, feature: FeatureDeclaration): Need[] {
  const column = feature.from ?? name;
  switch (feature.kind) {
    case 'numeric':
      return [{ kind: 'numbers', key: column, column }];
    case 'categorical':
    case 'hashed':
    case 'shared':
      return [{ kind: 'texts', key: column, column }];
    case 'multi-valued':
    case 'id-sequence':
    case 'side-column': {
      const empty = feature.kind === 'multi-valued' ? 'left-out' : 'kept';
      return [{ kind: 'lists', key: name, column, separator: feature.separator ?? SEPARATOR, empty }];
    }
    case 'vector':
      if (!feature.columns) return [{ kind: 'vectors', key: name, column, width: feature.width }];
      return feature.columns.map((name): Need => ({ kind: 'numbers', key: name, column: name }));
    default: {
      const kind = (feature as { kind?: unknown } | undefined)?.kind;
      return fail({
        expected: `feature "${name}" to be declared with ${FUNCTIONS.join(', ')}`,
        received: JSON.stringify(kind) ?? 'nothing',
        mend: suggestion(kind, FUNCTIONS),
      });
    }
  }
}

/** The declaration that reads a fitted feature from the column of its name. */
export function declarationOf(feature: Feature): FeatureDeclaration {
  switch (feature.kind) {
    case 'numeric':
    case 'categorical':
      return { kind: feature.kind };
    case 'hashed':
    case 'shared':
      return feature;
    case 'vector':
      return { kind: 'vector', width: feature.width };
    case 'multi-valued':
    case 'id-sequence':
      return { ...feature, values: idDeclarationOf(feature.values) };
    case 'side-column': {
      const { values } = feature;
      return { ...feature, values: values.kind === 'numeric' ? { kind: 'numeric' } : idDeclarationOf(values) };
    }
  }
}

const idDeclarationOf = (feature: IdFeature): IdDeclaration =>
  feature.kind === 'categorical' ? { kind: 'categorical' } : feature;

/** The names of the columns that a feature reads. */
export const columnsOf = (name: string, feature: FeatureDeclaration): readonly string[] =>
  (feature.kind === 'vector' ? feature.columns : undefined) ?? [feature.from ?? name];

/** Fits one feature. Features that share a vocabulary count their values together. */
export function featureFitter(name: string, declared: FeatureDeclaration, vocabularies: Vocabularies): Fitter<Feature> {
  const column = declared.from ?? name;
  switch (declared.kind) {
    case 'numeric':
      return momentsFitter(column, declared, (table) => {
        const values = columnIn(table, 'numbers', column);
        return (row, use) => use(values[row]!, row);
      });
    case 'vector':
      return { add() {}, finish: () => ({ kind: 'vector', width: declared.width }) };
    case 'multi-valued':
    case 'id-sequence':
      return listsFitter(name, declared, vocabularies);
    case 'side-column': {
      const { of, values, separator = SEPARATOR } = declared;
      const fitter =
        values?.kind === 'numeric'
          ? momentsFitter(column, values, (table) => {
              const listIn = numberLists(table, name, column);
              return (row, use) => listIn(row).forEach((value) => use(value, row));
            })
          : idsFitter(name, idsOf(declared)!, vocabularies, (table) => columnIn(table, 'lists', name));
      return { add: fitter.add, finish: () => ({ kind: 'side-column', of, values: fitter.finish(), separator }) };
    }
    default:
      return idsFitter(name, declared, vocabularies, (table) => columnIn(table, 'texts', column));
  }
}

function listsFitter(
  name: string,
  declared: MultiValuedDeclaration | IdSequenceDeclaration,
  vocabularies: Vocabularies,
): Fitter<Feature> {
  const { maxLength, separator = SEPARATOR } = declared;
  const ids = idsFitter(name, idsOf(declared)!, vocabularies, (table) => columnIn(table, 'lists', name));
  let longest = 1;
  return {
    add(table, rows) {
      ids.add(table, rows);
      for (let i = 0; i < rows.length; i++) longest = Math.max(longest, listLength(table, name, rows[i]!));
    },
    finish() {
      const list = { values: ids.finish(), separator, maxLength: maxLength ?? longest };
      if (declared.kind === 'multi-valued')
        return { kind: 'multi-valued', ...list, pooling: declared.pooling ?? 'mean' };
      const { target, pooling = target === undefined ? 'mean' : 'attention' } = declared;
      return { kind: 'id-sequence', ...list, pooling, ...(target !== undefined && { target }) };
    },
  };
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
  const encodeRows = (read: (row: number) => unknown): void => {
    for (let i = 0; i < rows.length; i++) {
      try {
        encode(read(rows[i]!), arrays, i);
      } catch (error) {
        const place = `In ${table.where(rows[i]!)}, column "${column}": `;
        throw error instanceof PolytaskError ? new PolytaskError(place + error.message, { cause: error }) : error;
      }
    }
  };
  switch (declared.kind) {
    case 'numeric': {
      const values = columnIn(table, 'numbers', column);
      return encodeRows((row) => values[row]);
    }
    case 'categorical':
    case 'hashed':
    case 'shared': {
      const texts = columnIn(table, 'texts', column);
      for (const { part, column: first, ids } of dictionaryIds(texts, place, layout)) {
        const columns = BATCH_PARTS[part].width(layout);
        for (let i = 0, at = first; i < rows.length; i++, at += columns) {
          arrays[part][at] = ids[texts.codes[rows[i]!]! + 1]!;
        }
      }
      return;
    }
    case 'multi-valued':
    case 'id-sequence':
      return encodeRows(textLists(table, place.name));
    case 'side-column': {
      checkLengths(table, place.name, declared, rows);
      return encodeRows(place.table ? textLists(table, place.name) : numberLists(table, place.name, column));
    }
    case 'vector': {
      const read = declared.columns ? sideBySide(table, declared.columns) : fromVectors(table, place.name);
      for (let i = 0; i < rows.length; i++) encode(read(rows[i]!), arrays, i);
    }
  }
}

/** Checks that a side column has as many entries as its sequence in each row. */
function checkLengths(table: Table, name: string, { of }: SideColumnDeclaration, rows: ArrayLike<number>): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    checkLength(name, listLength(table, name, row), of, listLength(table, of, row), table.where(row));
  }
}

/** The ids of each text of a dictionary, in each part that holds the feature. Index 0 is for a missing value (code −1). */
function dictionaryIds({ dictionary }: Texts, place: FeaturePlace, layout: Layout) {
  const encode = valueEncoder(place, layout);
  const one = emptyBatch(1, layout);
  const parts = featureParts(place).flatMap(({ part, column }) =>
    Array.from({ length: place.width }, (_, vector) => ({
      ...{ part, column: column + vector },
      ids: new Int32Array(1 + dictionary.length),
    })),
  );
  [null, ...dictionary].forEach((value, i) => {
    encode(value, one, 0); // once for each text
    for (const { part, column, ids } of parts) ids[i] = one[part][column]!;
  });
  return parts;
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

/**
 * Mean and standard deviation (divided by n) of the values, after the logarithm where it is declared. Missing values are skipped.
 *
 * @param read gives a function that passes on each value of a row
 */
function momentsFitter(
  column: string,
  declared: NumericDeclaration,
  read: (table: Table) => (row: number, use: (value: number, row: number) => void) => void,
): Fitter<NumericFeature> {
  const options = { ...(declared.log && { log: true }), ...(declared.indicator && { indicator: true }) };
  if (declared.standardize === false) {
    return { add() {}, finish: () => ({ kind: 'numeric', mean: 0, deviation: 1, ...options }) };
  }
  const scale = declared.log ? signedLog : (value: number) => value;
  const moments = new Moments();
  return {
    add(table, rows) {
      const eachIn = read(table);
      const use = (value: number, row: number): void => {
        const scaled = scale(value);
        if (Number.isNaN(scaled)) return;
        checkSize(scaled, value, 'a number', 'numeric({ log: true })', column, table, row);
        moments.add(scaled);
      };
      for (let i = 0; i < rows.length; i++) eachIn(rows[i]!, use);
    },
    finish: () => ({ kind: 'numeric', mean: moments.mean, deviation: moments.deviation, ...options }),
  };
}
