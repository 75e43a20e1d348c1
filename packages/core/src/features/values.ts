import { fail, shown } from '@polytask/components';

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

/** Whether a number is finite after rounding to 32 bits, as the arrays of a batch store it. */
export const isFinite32 = (value: number): boolean => Number.isFinite(value) && Number.isFinite(Math.fround(value));

/**
 * Reads the number of a value, as a row of a program or of a request has it.
 *
 * @param name of the feature, for messages
 * @returns the number; NaN where it is missing
 * @throws PolytaskError for a text, and for an infinite number
 * @example numberOf(null, 'age') // NaN
 */
export function numberOf(value: unknown, name: string): number {
  if (value === null || value === undefined || value === '') return NaN;
  if (typeof value === 'boolean' || typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' && Math.abs(value) !== Infinity) return value;
  return wrongValue(name, 'a finite number, or null where it is missing', shown(value));
}

/** The text of a value; null where it is missing. @param name of the feature, for messages */
export function textOf(value: unknown, name: string): string | null {
  if (value === null || value === undefined || value === '' || Number.isNaN(value)) return null;
  if (typeof value === 'string') return value;
  if (['number', 'bigint', 'boolean'].includes(typeof value)) return String(value);
  return wrongValue(name, 'a string, a number or null', shown(value));
}

/** The entries of a list, including missing ones. */
export function entriesOf(value: unknown, name: string, separator: string): readonly unknown[] {
  if (value === null || value === undefined || value === '') return [];
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return value.split(separator).map((each) => each.trim());
  return wrongValue(name, `a list, or a string of values between "${separator}"`, shown(value));
}

/**
 * Reads a list of numbers, or a text of numbers between separators.
 *
 * @param name of the feature, for messages
 * @returns the numbers; NaN where an entry is missing
 * @throws PolytaskError for an entry that is no number
 * @example numbersOf('3||1', 'history_days', '|') // [3, NaN, 1]
 */
export const numbersOf = (value: unknown, name: string, separator: string): number[] =>
  entriesOf(value, name, separator).map((each) => {
    if (typeof each !== 'string' || each === '') return numberOf(each, name);
    const number = parseNumber(each);
    return Number.isNaN(number) ? wrongValue(name, 'a number in each entry', shown(each)) : number;
  });

/** Throws for a value that doesn't fit its feature. */
export function wrongValue(name: string, expected: string, received: string): never {
  return fail({
    expected: `${expected} for feature "${name}"`,
    received,
    fix: 'Give it what the schema was fitted on.',
  });
}

/**
 * Checks that a side column has an entry for each entry of its sequence.
 *
 * @param where the place of the row, for the message
 * @throws PolytaskError when the lengths differ
 * @example checkLength('history_days', 3, 'history', 3, 'views.csv, line 2')
 */
export function checkLength(name: string, length: number, sequence: string, expected: number, where?: string): void {
  if (length === expected) return;
  fail({
    expected: `${expected} entries in "${name}"${where === undefined ? '' : ` in ${where}`}, as many as in "${sequence}"`,
    received: String(length),
    fix: 'Give each entry a value; an empty one where it is missing.',
  });
}

/** How a number is standardized. */
export interface Scale {
  readonly mean: number;
  readonly deviation: number;
  /** Takes sign(x)·log(1 + |x|) first. */
  readonly log?: boolean | undefined;
  /** Adds a second number, 1 where the value is missing. */
  readonly indicator?: boolean | undefined;
}

/** (x − mean) / standard deviation, or 0 for a constant feature. Throws when 32 bits can't hold the result. */
export function standardize(name: string, { mean, deviation, log }: Scale, value: number): number {
  if (!(deviation > 0)) return 0;
  const standardized = ((log ? Math.sign(value) * Math.log1p(Math.abs(value)) : value) - mean) / deviation;
  if (isFinite32(standardized)) return standardized;
  return wrongValue(name, `a number that is finite in 32 bits after (x − ${mean}) / ${deviation}`, String(value));
}

export function unscaled({ mean, deviation, log }: Scale, standardized: number): number {
  const value = standardized * deviation + mean;
  return log ? Math.sign(value) * Math.expm1(Math.abs(value)) : value;
}

/** Writes a number, standardized, and its indicator. A missing number becomes the mean. */
export const scaledNumber =
  (scale: Scale) =>
  (value: unknown, to: Float32Array, at: number, name: string): void => {
    const number = numberOf(value, name);
    to[at] = Number.isNaN(number) ? 0 : standardize(name, scale, number);
    if (scale.indicator) to[at + 1] = Number.isNaN(number) ? 1 : 0;
  };
