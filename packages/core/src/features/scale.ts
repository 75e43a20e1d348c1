import { isFinite32, numberOf, wrongValue } from './values.ts';

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
