import { asText, ownText, textOf } from '../columns/values.ts';
import type { SampleColumn, Stored } from './table-sample.ts';

/** The text of a list has so many entries. */
const MOST_ENTRIES = 50;
/** The text between the entries of a list. */
export const BETWEEN = '|';

/** A column of a sample, from values of a file with types. @param isLists whether the column has lists */
export const storedColumn = (name: string, values: readonly unknown[], isLists: boolean): SampleColumn => ({
  name,
  values: values.map(textIn),
  stored: storedAs(values, isLists),
});

/** A value as the readers would read it as text. */
function textIn(value: unknown): string {
  const read = asText(value);
  const text = Array.isArray(read)
    ? read
        .slice(0, MOST_ENTRIES)
        .map((entry) => textOf(entry) ?? '')
        .join(BETWEEN)
    : (textOf(read) ?? '');
  return ownText(text);
}

function storedAs(values: readonly unknown[], isLists: boolean): Stored {
  const entries = isLists
    ? values.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []))
    : values.filter((value) => value !== null && value !== undefined);
  if (entries.some((entry) => textOf(asText(entry)) === undefined)) return 'others';
  const hasNumbers = entries.every(isNumber);
  if (!isLists) return hasNumbers ? 'numbers' : 'texts';
  const [width = 0, ...others] = new Set(values.map((value) => (Array.isArray(value) ? value.length : 0)));
  const hasFractions = entries.some((entry) => !Number.isInteger(Number(entry)));
  return hasNumbers && hasFractions && others.length === 0 ? { width } : 'lists';
}

/** Whether a column of numbers reads a value: a number, or an integer that a double can hold. */
const isNumber = (value: unknown): boolean =>
  typeof value === 'bigint'
    ? BigInt(Number(value)) === value
    : typeof value === 'number' && value !== Infinity && value !== -Infinity;
