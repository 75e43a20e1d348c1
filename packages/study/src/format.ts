import { isObject, type Spec, specText } from '@polytask/components';
import type { MeanInterval } from '@polytask/metrics';

const NONE = '–';

/** The decimals to show: `digits`, or one or two more if half the interval would otherwise be rounded to zero. */
export const digitsToShow = (half: number, digits: number): number =>
  [digits, digits + 1, digits + 2].find((each) => Number(half.toFixed(each)) > 0) ?? digits;

/**
 * A mean with half its interval: `0.8812 ±0.0021`. A single value, and one that is the same for each seed, is shown alone.
 *
 * @example formatInterval(meanInterval([0.88, 0.89]), 4); // '0.8850 ±0.0635'
 */
export function formatInterval({ mean, high }: MeanInterval, digits: number): string {
  if (Number.isNaN(mean)) return NONE;
  const isSame = high - mean <= SAME * Math.abs(mean);
  return withHalf(mean, isSame ? NaN : high - mean, digits);
}

/** Half an interval that is rounding alone, relative to the mean. */
const SAME = 1e-12;

/** A difference with its sign and half its interval: `+0.0123 ±0.0040`. */
export function formatDifference(
  { difference, high }: { readonly difference: number; readonly high: number },
  digits: number,
): string {
  if (Number.isNaN(difference)) return NONE;
  return signed(withHalf(difference, high - difference, digits));
}

/** A value with both ends of its interval: `0.9000 (0.8911–0.9082)`. */
export const formatBounds = (
  value: number,
  { low, high }: { readonly low: number; readonly high: number },
  digits: number,
): string =>
  Number.isNaN(value)
    ? NONE
    : `${value.toFixed(digits)}${Number.isNaN(low) ? '' : ` (${low.toFixed(digits)}–${high.toFixed(digits)})`}`;

/** A number with its decimals, a dash for one that isn't defined. */
export const formatNumber = (value: number | null | undefined = NaN, digits: number): string =>
  Number.isFinite(value) ? value!.toFixed(digits) : NONE;

/** A share as percent: `12.3%`. */
export const formatShare = (share: number, digits = 1): string =>
  Number.isNaN(share) ? NONE : `${(100 * share).toFixed(digits)}%`;

/** A p value: `.0032`, `<.0001`. */
export const formatP = (value: number): string => {
  if (Number.isNaN(value)) return NONE;
  return value < 1e-4 ? '<.0001' : value.toFixed(4).replace(/^0/, '');
};

/** A fraction as signed percent: `+1.23 ±0.45`. */
export function formatPercent({ mean, high }: MeanInterval): string {
  if (Number.isNaN(mean)) return NONE;
  return signed(withHalf(100 * mean, 100 * (high - mean), 2));
}

/** A gain in a sentence: `2.1%`, `0.04%`. */
export const percent = (gain: number): string => {
  const value = 100 * gain;
  return `${value.toFixed(Math.abs(value) < 0.095 ? 2 : 1)}%`;
};

/** A count with commas: `12,345`. */
export const formatCount = (value: number): string => value.toLocaleString('en-US');

/** A count with its noun: `1 seed`, `5 seeds`. */
export const counted = (n: number, noun: string): string => `${formatCount(n)} ${noun}${n === 1 ? '' : 's'}`;

export const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** A component with its options: `adam(ema=0.99)`. Undefined for another value. */
export const componentText = (value: unknown): string | undefined => {
  const { kind, name, config } = Object(value) as Partial<Spec>;
  return kind !== undefined && name !== undefined && isObject(config) ? specText(name, config) : undefined;
};

/** A value, or nothing where its condition doesn't hold. */
export type Maybe<T> = T | false | undefined | '';

/** The values that are there. @example present([seeds === 1 && 'One seed.', 'No verdict.']) // ['No verdict.'] for two */
export const present = <T>(values: readonly Maybe<T>[]): T[] =>
  values.filter((value): value is T => value !== false && value !== undefined && value !== '');

/** Names in a sentence: `a`, `a and b`, `a, b and c`. */
export const joined = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** How many names a sentence has. It counts the others. */
export const NAMED = 3;

/** Names in a sentence, the first three of many: `a, b, c and 4 more`. */
export const firstJoined = (names: readonly string[]): string =>
  joined(names.length <= NAMED ? names : [...names.slice(0, NAMED), `${names.length - NAMED} more`]);

/** Integers in ascending order. A run of three or more is shown by its ends: `1 to 20, 23, 24`. */
export function formatRanges(values: readonly number[]): string {
  const runs: number[][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run?.at(-1) === value - 1) run.push(value);
    else runs.push([value]);
  }
  return runs.flatMap((run) => (run.length < 3 ? run.map(String) : [`${run[0]} to ${run.at(-1)}`])).join(', ');
}

/** The ends of some numbers: `3 to 8`, or `3` if all are the same. */
export const rangeText = (values: readonly number[]): string =>
  [...new Set([Math.min(...values), Math.max(...values)])].join(' to ');

/** Seconds with two or three significant digits: `0.62`, `4.2`, `131`. */
export const formatSeconds = (value: number): string => value.toFixed(value < 1 ? 2 : value < 100 ? 1 : 0);

/** A span of time in words: `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function formatSpan(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

const signed = (text: string): string => (text.startsWith('-') ? text : `+${text}`);

function withHalf(value: number, half: number, least: number): string {
  const digits = digitsToShow(half, least);
  return `${value.toFixed(digits)}${Number.isNaN(half) ? '' : ` ±${half.toFixed(digits)}`}`;
}
