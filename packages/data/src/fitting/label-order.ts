import { parseNumber } from '@polytask/core';

/** Whether a text is a number. */
export const isNumber = (text: string): boolean => !Number.isNaN(parseNumber(text));

/** In numeric order if all are numbers, else in the order of their texts. */
export function sorted(classes: readonly string[]): string[] {
  const numbers = classes.every(isNumber);
  return [...classes].sort((a, b) => (numbers ? parseNumber(a) - parseNumber(b) : 0) || (a < b ? -1 : 1));
}
