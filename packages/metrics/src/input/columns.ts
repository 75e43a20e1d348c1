import { MetricError, show } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import type { ValueRule } from './rules.ts';

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

/** Requires one entry for each label. */
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

/** A copy. Entries that aren't numbers become NaN, which no rule accepts. */
export const toFloat64 = (values: NumericArray): Float64Array => {
  if (isNumberView(values)) return new Float64Array(values);
  const copy = new Float64Array(values.length);
  for (let i = 0; i < copy.length; i++) {
    const value: unknown = values[i];
    copy[i] = typeof value === 'number' ? value : NaN;
  }
  return copy;
};

/** The indices of the rows that the mask selects. */
export const maskedRows = (where: string, mask: ArrayLike<number | boolean>): Uint32Array => {
  const rows = new Uint32Array(mask.length);
  let count = 0;
  for (let i = 0; i < mask.length; i++) {
    const keep = mask[i];
    if (keep === 1 || keep === true) rows[count++] = i;
    else if (keep !== 0 && keep !== false) {
      throw new MetricError(
        where,
        `mask[${i}] = ${show(keep)}`,
        '0, 1, false or true',
        'Write 1 for rows to keep and 0 for rows to leave out.',
      );
    }
  }
  return rows.subarray(0, count);
};

/** The selected rows of a row-major [rows × width] array. */
export const gather = (values: Float64Array, rows: Uint32Array, width: number): Float64Array => {
  const out = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    for (let c = 0; c < width; c++) out[i * width + c] = values[rows[i]! * width + c]!;
  }
  return out;
};

/** Requires that all values follow the rule. The error has the index in the caller's array. */
export const requireValues = (
  where: string,
  rule: ValueRule,
  values: Float64Array,
  source: { array: NumericArray; rows: Uint32Array | undefined; width: number; classes: number },
): void => {
  const { array, rows, width, classes } = source;
  for (let i = 0; i < values.length; i++) {
    if (rule.accepts(values[i]!, classes)) continue;
    const index = rows ? rows[Math.floor(i / width)]! * width + (i % width) : i;
    throw new MetricError(where, `${rule.noun}[${index}] = ${show(array[index])}`, rule.expected(classes), rule.remedy);
  }
};
