import { fail, shown } from '@polytask/components';
import { parseNumber } from '@polytask/core';
import { timeOf } from '@polytask/core/features';

/**
 * The times of texts, to sort them: numbers if all are numbers, else dates of ISO 8601, of which a month (`2026-11`) is its first day.
 * NaN for other texts: `05.01.2026` is in May or in January.
 *
 * @returns numbers as they are, dates in milliseconds since 1970
 */
export function timesOf(texts: readonly string[]): number[] {
  const numbers = texts.map(parseNumber);
  if (!numbers.some(Number.isNaN)) return numbers;
  return texts.map((text) => timeOf(text) ?? timeOf(`${text}-01`) ?? NaN);
}

/** The text of a categorical value, as core's encoder reads it: '' for a missing value, undefined for an object. */
export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** Whether the readers read a text as a number. */
export const isNumber = (text: string): boolean => !Number.isNaN(parseNumber(text));

/** A copy of a text. A part of a longer text would keep all of it in memory. */
export const ownText = (text: string): string => ` ${text}`.slice(1);

/** @throws PolytaskError for a value that a column can't hold, with the value's row and column */
export function wrongValue(value: unknown, expected: string, column: string, where: string, fix: string): never {
  return fail({ expected: `${expected} in ${where}, column "${column}"`, received: shown(value), fix });
}

/** @throws PolytaskError for a value of a file with types that the column of a need can't hold */
export function wrongStored(
  value: unknown,
  expected: string,
  { kind, column }: { readonly kind: string; readonly column: string },
  where: string,
): never {
  const fix =
    kind === 'numbers' ? 'Correct it, or declare the column categorical().' : 'Write null where a value is missing.';
  return wrongValue(value, expected, column, where, fix);
}

/** A value of a file with types, as the column of a need takes it. */
export const valueFor = ({ kind }: { readonly kind: string }, value: unknown): unknown =>
  kind === 'numbers' || kind === 'vectors' ? asNumber(value) : asText(value);

/**
 * Gives null for a value, or an entry of a list, that means "no value".
 *
 * @param missing such as `?`, or `-999`, which also stands for the number
 */
export function withoutMarkers(missing: readonly string[] = []): (value: unknown) => unknown {
  const markers: ReadonlySet<unknown> = new Set(missing);
  const read = (value: unknown) => (markers.has(typeof value === 'number' ? String(value) : value) ? null : value);
  return (value) => (Array.isArray(value) ? value.map(read) : read(value));
}

/** A value for a column of numbers: 64-bit integers that a double can hold, dates as milliseconds since 1970. */
function asNumber(value: unknown): unknown {
  if (typeof value === 'bigint') return BigInt(Number(value)) === value ? Number(value) : value;
  if (value instanceof Date) return value.getTime();
  return Array.isArray(value) ? value.map(asNumber) : value;
}

/** A value for a column of texts. */
export function asText(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.map(asText) : value;
}
