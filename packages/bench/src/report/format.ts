import type { MeanInterval } from '@polytask/metrics';

/** What stands where there is no number. */
const NONE = '–';

/** `0.8812 ±0.0021`: the mean and half its interval; the mean alone where one value gives no interval. */
export function formatInterval({ mean, high }: MeanInterval, digits: number): string {
  if (Number.isNaN(mean)) return NONE;
  return `${mean.toFixed(digits)}${halfWidth(high - mean, digits)}`;
}

/** A fraction as signed percent: `+1.23 ±0.45`. */
export function formatPercent({ mean, high }: MeanInterval): string {
  if (Number.isNaN(mean)) return NONE;
  const value = (100 * mean).toFixed(2);
  return `${value.startsWith('-') ? value : `+${value}`}${halfWidth(100 * (high - mean), 2)}`;
}

/** `12,345` */
export const formatCount = (value: number): string => value.toLocaleString('en-US');

/** `1 seed`, `5 seeds` */
export const counted = (n: number, noun: string): string => `${formatCount(n)} ${noun}${n === 1 ? '' : 's'}`;

/** Seconds with two digits that mean something: `0.62`, `4.2`, `131`. */
export const formatSeconds = (value: number): string => value.toFixed(value < 1 ? 2 : value < 100 ? 1 : 0);

/** A span of time as a person says it: `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function formatSpan(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

const halfWidth = (half: number, digits: number): string => (Number.isNaN(half) ? '' : ` ±${half.toFixed(digits)}`);
