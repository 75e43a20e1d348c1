import type { NumericFeature } from '@polytask/core';
import type { NumericDeclaration } from '../declarations/features.ts';
import { columnIn } from '../table/table.ts';
import type { Fitter } from './fitter.ts';

/** Mean and deviation (divided by n) of the values that are there, after the logarithm. */
export function momentsFitter(column: string, declared: NumericDeclaration): Fitter<NumericFeature> {
  const options = { ...(declared.log && { log: true }), ...(declared.indicator && { indicator: true }) };
  if (declared.standardise === false) {
    return { add() {}, finish: () => ({ kind: 'numeric', mean: 0, deviation: 1, ...options }) };
  }
  const scale = declared.log
    ? (value: number) => Math.sign(value) * Math.log1p(Math.abs(value))
    : (value: number) => value;
  let [count, shift, mean, squares] = [0, 0, 0, 0];
  let varies = false;
  return {
    add(table, rows) {
      const values = columnIn(table, 'numbers', column);
      for (let i = 0; i < rows.length; i++) {
        const value = scale(values[rows[i]!]!);
        if (Number.isNaN(value)) continue;
        if (count === 0) shift = value;
        const moved = value - shift; // and Welford's sums: no digits are lost where the mean is large
        const step = moved - mean;
        mean += step / ++count;
        squares += step * (moved - mean);
        varies ||= moved !== 0;
      }
    },
    finish: () => ({
      kind: 'numeric',
      mean: shift + mean,
      deviation: varies ? Math.sqrt(squares / count) : 0,
      ...options,
    }),
  };
}
