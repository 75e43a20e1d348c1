import { MetricError, show } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import type { ValueRule } from './rules.ts';

/** Refuses what isn't an array, before anything reads its length. */
export const requireArray = (where: string, noun: string, value: unknown): void => {
  const isArray = ArrayBuffer.isView(value)
    ? !(value instanceof DataView)
    : typeof value === 'object' && value !== null && Number.isInteger((value as { length?: unknown }).length);
  if (isArray) return;
  throw new MetricError(
    where,
    `${show(value)} for ${noun}`,
    'a typed array or an array',
    `Pass ${noun} as e.g. a Float32Array.`,
  );
};

export const requireLength = (where: string, noun: string, values: ArrayLike<unknown>, length: number): void => {
  if (values.length === length) return;
  throw new MetricError(
    where,
    `${values.length} ${noun} for ${length} labels`,
    'one a row',
    'Cut both from the same rows, in the same order.',
  );
};

const isNumberView = (values: NumericArray): boolean =>
  ArrayBuffer.isView(values) && !(values instanceof BigInt64Array) && !(values instanceof BigUint64Array);

/** An own copy; entries that aren't numbers become NaN, which every rule refuses. */
export const toFloat64 = (values: NumericArray): Float64Array => {
  if (isNumberView(values)) return new Float64Array(values);
  const copy = new Float64Array(values.length);
  for (let i = 0; i < copy.length; i++) {
    const value: unknown = values[i];
    copy[i] = typeof value === 'number' ? value : NaN;
  }
  return copy;
};

/** The indices that the mask keeps. */
export const keptRows = (where: string, mask: ArrayLike<number | boolean>): Uint32Array => {
  const kept = new Uint32Array(mask.length);
  let count = 0;
  for (let i = 0; i < mask.length; i++) {
    const keep = mask[i];
    if (keep === 1 || keep === true) kept[count++] = i;
    else if (keep !== 0 && keep !== false) {
      throw new MetricError(
        where,
        `mask[${i}] = ${show(keep)}`,
        '0, 1, false or true',
        'Write 1 for rows to keep and 0 for rows to leave out.',
      );
    }
  }
  return kept.subarray(0, count);
};

/** Rows `kept` of a row-major [rows × width] array. */
export const gather = (values: Float64Array, kept: Uint32Array, width: number): Float64Array => {
  const out = new Float64Array(kept.length * width);
  for (let i = 0; i < kept.length; i++) {
    for (let c = 0; c < width; c++) out[i * width + c] = values[kept[i]! * width + c]!;
  }
  return out;
};

/** Refuses the first value that breaks the rule, by its place in the array that the caller passed. */
export const requireValues = (
  where: string,
  rule: ValueRule,
  values: Float64Array,
  source: { given: NumericArray; kept: Uint32Array | undefined; width: number; classes: number },
): void => {
  const { accepts } = rule;
  const { given, kept, width, classes } = source;
  for (let i = 0; i < values.length; i++) {
    if (accepts(values[i]!, classes)) continue;
    const place = kept ? kept[Math.floor(i / width)]! * width + (i % width) : i;
    throw new MetricError(where, `${rule.noun}[${place}] = ${show(given[place])}`, rule.expected(classes), rule.remedy);
  }
};
