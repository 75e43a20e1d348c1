import { parseNumber } from '@polytask/core/internal';
import { type ColumnRows, columnIn } from '../columns/columns.ts';
import { wrongValue } from '../columns/values.ts';

export type ListReader<E> = (row: number) => E[];

/** Reads lists of texts. null is a missing entry. @param name the feature */
export function textLists(table: ColumnRows, name: string): ListReader<string | null> {
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
export function numberLists(table: ColumnRows, name: string, column: string): ListReader<number> {
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
