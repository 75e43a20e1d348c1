import { fail, shown } from '@polytask/components';

/** Texts that `Number` reads in another base, or as 0 although they have no digit. */
const OTHER_BASE = /^\s*(?:0[box]|$)/i;

const [ZERO, NINE, MINUS] = [48, 57, 45];

/**
 * A finite decimal number, such as `41`, `-.5` or `1e6`. Any other text is NaN, also `0x10`, `1_000` and `Infinity`.
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

/** The number of a value; NaN where it is missing. @throws PolytaskError for a text, and for an infinite number */
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

export function entriesOf(value: unknown, name: string, separator: string): readonly unknown[] {
  if (value === null || value === undefined || value === '') return [];
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return value.split(separator).map((each) => each.trim());
  return wrongValue(name, `a list, or a string of values between "${separator}"`, shown(value));
}

/** A list of numbers, or a text of numbers between separators; NaN where an entry is missing. */
export const numbersOf = (value: unknown, name: string, separator: string): number[] =>
  entriesOf(value, name, separator).map((each) => {
    if (typeof each !== 'string' || each === '') return numberOf(each, name);
    const number = parseNumber(each);
    return Number.isNaN(number) ? wrongValue(name, 'a number in each entry', shown(each)) : number;
  });

export function wrongValue(name: string, expected: string, received: string): never {
  return fail({
    expected: `${expected} for feature "${name}"`,
    received,
    fix: 'Give it what the schema was fitted on.',
  });
}

/** @throws PolytaskError when a side column hasn't an entry for each entry of its sequence. @param where the place of the row */
export function checkLength(name: string, length: number, sequence: string, expected: number, where?: string): void {
  if (length === expected) return;
  fail({
    expected: `${expected} entries in "${name}"${where === undefined ? '' : ` in ${where}`}, as many as in "${sequence}"`,
    received: String(length),
    fix: 'Give each entry a value; an empty one where it is missing.',
  });
}

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
