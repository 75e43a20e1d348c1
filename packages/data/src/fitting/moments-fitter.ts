import { signedLog, type NumericFeature } from '@polytask/core';
import type { NumericDeclaration } from '../declarations/features.ts';
import { columnIn } from '../table/table.ts';
import { checkSize } from './check-size.ts';
import type { Fitter } from './fitter.ts';
import { Moments } from './moments.ts';

/** Mean and deviation (divided by n) of the values that are there, after the logarithm. Throws for one of 1e150 or more. */
export function momentsFitter(column: string, declared: NumericDeclaration): Fitter<NumericFeature> {
  const options = { ...(declared.log && { log: true }), ...(declared.indicator && { indicator: true }) };
  if (declared.standardize === false) {
    return { add() {}, finish: () => ({ kind: 'numeric', mean: 0, deviation: 1, ...options }) };
  }
  const scale = declared.log ? signedLog : (value: number) => value;
  const moments = new Moments();
  return {
    add(table, rows) {
      const values = columnIn(table, 'numbers', column);
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        const value = scale(values[row]!);
        if (Number.isNaN(value)) continue;
        checkSize(value, values[row]!, 'a number', 'numeric({ log: true })', column, table, row);
        moments.add(value);
      }
    },
    finish: () => ({ kind: 'numeric', mean: moments.mean, deviation: moments.deviation, ...options }),
  };
}
