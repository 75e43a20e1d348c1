import type { NumericArray } from '../metric.ts';
import { bootstrapOf, type BootstrapConfig, type BootstrapInterval } from './bootstrap-interval.ts';
import { differencesOf } from './pairs.ts';

/** The mean of a sample, as a statistic. */
export const meanOf = ([values]: readonly Float64Array[]): number => {
  let sum = 0;
  for (let i = 0; i < values!.length; i++) sum += values![i]!;
  return sum / values!.length;
};

/**
 * The mean of a − b over pairs (the same seed, the same data) with its bootstrap interval: pairs are drawn as a whole.
 * {@link pairedDifference} has the t interval of the same mean.
 *
 * @param a [n] finite; a NaN makes all results NaN
 * @param b [n] in the same order
 * @param config `{ confidence, resamples, method, random }`
 * @throws MetricError on lengths that differ, no values, infinite values
 * @example
 * bootstrapDifference([3, 5, 8, 6], [1, 4, 5, 4], { method: 'percentile' }); // { estimate: 2, low: 1.25, high: 2.75, standardError: 0.35 }
 */
export const bootstrapDifference = (
  a: NumericArray,
  b: NumericArray,
  config: BootstrapConfig = {},
): BootstrapInterval =>
  bootstrapOf('bootstrapDifference', [differencesOf('bootstrapDifference', a, b)], meanOf, config);
