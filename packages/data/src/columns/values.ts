import { fail } from '@polytask/core';

/** Texts that `Number` reads in another base, or as 0 although they have no digit. */
const OTHER_BASE = /^\s*(?:0[box]|$)/i;

const [ZERO, NINE, MINUS] = [48, 57, 45];

/**
 * Reads a finite decimal number, such as `41`, `-.5` or `1e6`. Any other text is NaN. `0x10`, `1_000` and `Infinity` are NaN,
 * too: they are codes or names more often than numbers.
 *
 * @example parseNumber('1e3') // 1000
 */
export function parseNumber(text: string): number {
  const value = Number(text);
  const first = text.charCodeAt(0);
  if ((first > ZERO && first <= NINE) || first === MINUS) return Number.isFinite(value) ? value : NaN;
  return Number.isFinite(value) && !OTHER_BASE.test(text) ? value : NaN;
}

/** The text of a categorical value, as core's encoder reads it: '' for a missing value, undefined for an object. */
export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

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
