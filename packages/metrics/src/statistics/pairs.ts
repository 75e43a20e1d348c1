import { MetricError } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import { requireMeasurements } from './mean-interval.ts';

/** a − b, checked: as many values on both sides, none infinite. */
export const differencesOf = (where: string, a: NumericArray, b: NumericArray): Float64Array => {
  requireMeasurements(where, 'a', a);
  requireMeasurements(where, 'b', b);
  if (a.length !== b.length) {
    throw new MetricError(
      where,
      `${a.length} and ${b.length} values`,
      'pairs',
      'Compare the same seeds in the same order.',
    );
  }
  return Float64Array.from(a, (value, i) => value - b[i]!);
};
