import { labelDecoder } from './labels.ts';
import type { Task } from './tasks.ts';

/**
 * The labels of a batch in their own unit. An encoded label has 32 bits: of the numbers that share them, a label is one with few digits, as in the
 * table that it was read from.
 *
 * @param encoded as `labelEncoder` gives them, in 32 bits
 * @example decodedLabels({ kind: 'regression', fitted: { mean: 40.1, deviation: 12.3 } }, Float32Array.of(-1.01138211)) // [27.66]
 */
export function decodedLabels(task: Task, encoded: ArrayLike<number>): Float64Array {
  const decode = labelDecoder(task);
  return Float64Array.from(encoded, (value) => {
    const label = decode(value);
    const half = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 24); // of the last bit
    const width = Math.abs(decode(value + half) - decode(value - half));
    if (!(width > 0 && width < Infinity)) return label;
    const digit = Math.floor(Math.log10(width));
    const short = roundedAt(label, digit + 1);
    return Math.abs(short - label) <= width / 2 ? short : roundedAt(label, digit);
  });
}

/** Rounds to a multiple of 10^digit. The result is never −0. */
const roundedAt = (value: number, digit: number): number =>
  digit < 0 ? Math.round(value * 10 ** -digit) / 10 ** -digit + 0 : Math.round(value / 10 ** digit) * 10 ** digit + 0;
