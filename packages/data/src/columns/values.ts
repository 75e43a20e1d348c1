import { fail } from '@polytask/core';

/** The text of a categorical value, as core's encoder reads it: '' for a missing value, undefined for an object. */
export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A copy of a text. A part of a longer text would keep all of it in memory. */
export const ownText = (text: string): string => ` ${text}`.slice(1);

/** @throws PolytaskError for a value that a column can't hold, with the value's row and column */
export function wrongValue(value: unknown, expected: string, column: string, where: string, mend: string): never {
  return fail({ expected: `${expected} in ${where}, column "${column}"`, received: shown(value), mend });
}

/** A value as error messages show it, in at most 60 characters. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'number' || typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
