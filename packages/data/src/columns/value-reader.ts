import { parseNumber } from '@polytask/core';
import { type ColumnRows, columnIn, type Need } from './columns.ts';
import { wrongValue } from './values.ts';

/**
 * Reads the values of a column: a number or NaN, a text or null, a list, or the numbers of a vector.
 *
 * @param hasNumbers whether the entries of a list are numbers
 */
export function valueReader(table: ColumnRows, need: Need, hasNumbers = false): (row: number) => unknown {
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
      return hasNumbers ? numberLists(table, need.key, need.column) : textLists(table, need.key);
    case 'vectors': {
      const { width, values } = columnIn(table, 'vectors', need.key);
      return (row) => values.subarray(row * width, (row + 1) * width);
    }
  }
}

/** Reads lists of texts. null is a missing entry. @param name the feature */
function textLists(table: ColumnRows, name: string): (row: number) => (string | null)[] {
  const { offsets, codes, dictionary } = columnIn(table, 'lists', name);
  return (row) => {
    const [from, to] = [offsets[row]!, offsets[row + 1]!];
    const texts = new Array<string | null>(to - from); // a loop: histories may have thousands of entries
    for (let i = from; i < to; i++) texts[i - from] = dictionary[codes[i]!] ?? null;
    return texts;
  };
}

/**
 * Reads lists of numbers. NaN is a missing entry.
 *
 * @param column the name of the column, for messages
 * @returns a reader that throws a PolytaskError with the row and column for an entry that is no number
 */
export function numberLists(table: ColumnRows, name: string, column: string): (row: number) => number[] {
  const { offsets, codes, dictionary } = columnIn(table, 'lists', name);
  const numbers = Float64Array.from(dictionary, parseNumber);
  return (row) =>
    Array.from(codes.subarray(offsets[row], offsets[row + 1]), (code) => {
      if (code < 0) return NaN;
      if (!Number.isNaN(numbers[code])) return numbers[code]!;
      const fix = 'Correct the entry, or declare the values categorical().';
      return wrongValue(dictionary[code], 'a number in each entry', column, table.where(row), fix);
    });
}

export function listLength(table: ColumnRows, name: string, row: number): number {
  const { offsets } = columnIn(table, 'lists', name);
  return offsets[row + 1]! - offsets[row]!;
}
