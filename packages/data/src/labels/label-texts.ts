import { parseNumber } from '@polytask/core';
import { columnIn, type ColumnRows } from '../columns/columns.ts';
import { isNumber } from '../columns/values.ts';
import type { LabelOfType } from './label-type.ts';

/** The label of a task that is answered with yes or no. */
export type YesNo = LabelOfType<'yes-no'>;

/** Reads a text as 1 (yes) or 0 (no); undefined for a text that is no label of this task. */
export function binaryLabel({ positive }: Pick<YesNo, 'positive'>): (text: string) => 0 | 1 | undefined {
  if (positive === undefined) {
    return (text) => {
      const word = text.toLowerCase();
      const number = parseNumber(text);
      if (word === 'true' || number === 1) return 1;
      return word === 'false' || number === 0 ? 0 : undefined;
    };
  }
  const values = typeof positive === 'object' ? positive : [positive];
  return (text) => (values.some((value) => matches(text, value)) ? 1 : 0);
}

/** Whether a text is a positive value. Numbers are compared as numbers: 1 and "1" match "1", "1.0" and "01". */
export const matches = (text: string, value: string | number): boolean =>
  text === String(value) || parseNumber(text) === parseNumber(String(value));

/** In numeric order if all are numbers, else in the order of their texts. */
export function sorted(classes: readonly string[]): string[] {
  const numbers = classes.every(isNumber);
  return [...classes].sort((a, b) => (numbers ? parseNumber(a) - parseNumber(b) : 0) || (a < b ? -1 : 1));
}

/**
 * Reads labels of a column of texts. NaN for an empty cell.
 *
 * @param labelOf the label of a text; undefined for one that is no label of the task
 * @param wrong throws for such a text
 */
export function textReader(
  table: ColumnRows,
  column: string,
  labelOf: (text: string) => number | undefined,
  wrong: (text: string, row: number) => never,
): (row: number) => number {
  const { codes, dictionary } = columnIn(table, 'texts', column);
  const labels = Float64Array.from(dictionary, (text) => labelOf(text) ?? Infinity); // Infinity: no label of this task
  return (row) => {
    const code = codes[row]!;
    const found = code < 0 ? NaN : labels[code]!;
    return found === Infinity ? wrong(dictionary[code]!, row) : found;
  };
}
