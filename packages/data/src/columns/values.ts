import { fail, parseNumber } from '@polytask/core';
import type { Need } from './columns.ts';

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
export function wrongStored(value: unknown, expected: string, { kind, column }: Need, where: string): never {
  const fix =
    kind === 'numbers' ? 'Correct it, or declare the column categorical().' : 'Write null where a value is missing.';
  return wrongValue(value, expected, column, where, fix);
}

/** A value as error messages show it, in at most 60 characters. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'number' || typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A value of a file with types, as the column of a need takes it. */
export const valueFor = ({ kind }: Pick<Need, 'kind'>, value: unknown): unknown =>
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
