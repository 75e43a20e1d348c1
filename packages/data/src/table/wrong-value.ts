import { fail } from '@polytask/core';

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
