import { fail } from '@polytask/core';

/** What `Number` reads in another base, and what it reads as 0 though there is no digit. */
const OTHER_BASE = /^\s*(?:0[box]|$)/i;

const [ZERO, NINE, MINUS] = [48, 57, 45];

/**
 * The finite decimal number that a text is, such as `41`, `-.5` or `1e6`; NaN for any other text: `0x10`, `1_000` and
 * `Infinity` among them, which are codes or names more often than numbers.
 *
 * @example parseNumber('1e3') // 1000
 */
export function parseNumber(text: string): number {
  const value = Number(text);
  const first = text.charCodeAt(0);
  if ((first > ZERO && first <= NINE) || first === MINUS) return Number.isFinite(value) ? value : NaN;
  return Number.isFinite(value) && !OTHER_BASE.test(text) ? value : NaN;
}

/** Throws for a value that a column can't hold. */
export function wrongValue(value: unknown, expected: string, column: string, where: string, mend: string): never {
  return fail({ expected: `${expected} in ${where}, column "${column}"`, received: shown(value), mend });
}

/** A value as it stands in a message. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'number' || typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
