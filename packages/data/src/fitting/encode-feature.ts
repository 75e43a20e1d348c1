import {
  BATCH_PARTS,
  checkLength,
  emptyBatch,
  featureParts,
  valueEncoder,
  type FeatureArrays,
  type FeaturePlace,
  type Layout,
} from '@polytask/core';
import { type Need, type Texts, columnIn } from '../columns/columns.ts';
import { wrongValue } from '../columns/values.ts';
import { inCell } from '../declarations/declared-kind.ts';
import { featureNeeds, type FeatureDeclaration } from '../declarations/features.ts';
import { type Table } from '../table/table.ts';
import { listLength, numberLists, textLists } from '../statistics/lists.ts';

/**
 * Writes one feature of these rows into the arrays, with core's encoder of single values.
 *
 * @param features the declarations of all features of the table
 */
export function encodeFeature(
  table: Table,
  features: Readonly<Record<string, FeatureDeclaration>>,
  place: FeaturePlace,
  layout: Layout,
  rows: ArrayLike<number>,
  arrays: FeatureArrays,
): void {
  const { name, form, sequence } = place;
  const needs = featureNeeds(name, features[name]!);
  const [need] = needs;
  if (form.type === 'id' && need?.kind === 'texts') {
    const texts = columnIn(table, 'texts', need.key);
    for (const { part, column: first, ids } of dictionaryIds(texts, place, layout)) {
      const columns = BATCH_PARTS[part].width(layout);
      for (let i = 0, at = first; i < rows.length; i++, at += columns) {
        arrays[part][at] = ids[texts.codes[rows[i]!]! + 1]!;
      }
    }
    return;
  }
  if (sequence !== undefined) checkLengths(table, name, sequence, rows);
  const numbers = form.type === 'entry-numbers';
  const read = form.reads
    ? sideBySide(form.reads.map((each) => valueOf(table, featureNeeds(each, features[each]!)[0]!, false)))
    : needs.length > 1
      ? vectorOf(table, needs)
      : valueOf(table, need!, numbers);
  const encode = valueEncoder(place, layout);
  const column = form.reads?.join(', ') ?? need!.column;
  if (needs.length > 1 || need?.kind === 'vectors') {
    for (let i = 0; i < rows.length; i++) encode(read(rows[i]!), arrays, i);
    return;
  }
  for (let i = 0; i < rows.length; i++) inCell(table, rows[i]!, column, () => void encode(read(rows[i]!), arrays, i));
}

/** Reads the value of a column. @param numbers whether the entries of a list are numbers */
function valueOf(table: Table, need: Need, numbers: boolean): (row: number) => unknown {
  switch (need.kind) {
    case 'numbers': {
      const values = columnIn(table, 'numbers', need.key);
      return (row) => values[row];
    }
    case 'texts': {
      const { codes, dictionary } = columnIn(table, 'texts', need.key);
      return (row) => dictionary[codes[row]!] ?? null;
    }
    case 'lists':
      return numbers ? numberLists(table, need.key, need.column) : textLists(table, need.key);
    case 'vectors': {
      const { width, values } = columnIn(table, 'vectors', need.key);
      return (row) => values.subarray(row * width, (row + 1) * width);
    }
  }
}

const sideBySide =
  (readers: readonly ((row: number) => unknown)[]) =>
  (row: number): unknown[] =>
    readers.map((read) => read(row));

/** Reads the numbers of several columns. None may be missing. */
function vectorOf(table: Table, needs: readonly Need[]): (row: number) => ArrayLike<number> {
  const columns = needs.map(({ key }) => columnIn(table, 'numbers', key));
  const numbers = new Float64Array(columns.length);
  return (row) => {
    columns.forEach((values, i) => {
      const value = values[row]!;
      numbers[i] = value;
      if (Number.isFinite(Math.fround(value))) return;
      const mend = Number.isNaN(value)
        ? 'A vector may not have missing numbers: fill them, or declare numeric().'
        : 'The numbers of a vector are not scaled, and 32 bits hold none of 3.4e38 or more: correct the cell.';
      wrongValue(Number.isNaN(value) ? null : value, 'a number', needs[i]!.column, table.where(row), mend);
    });
    return numbers;
  };
}

/** Checks that a side column has as many entries as its sequence in each row. */
function checkLengths(table: Table, name: string, of: string, rows: ArrayLike<number>): void {
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
