import { timeOf } from '@polytask/core/features';
import { parseNumber } from '@polytask/core';

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
