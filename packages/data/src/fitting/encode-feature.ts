import {
  emptyBatch,
  PolytaskError,
  valueEncoder,
  type FeatureArrays,
  type FeaturePlace,
  type Layout,
} from '@polytask/core';
import type { Texts } from '../columns/columns.ts';
import type { FeatureDeclaration } from '../declarations/features.ts';
import { columnIn, type Table } from '../table/table.ts';
import { wrongValue } from '../table/wrong-value.ts';

/** Writes one feature of these rows into the arrays, with core's own encoder for single values. */
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

/** The id of each text of the dictionary, with that of a missing value before them: each value is encoded once. */
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
