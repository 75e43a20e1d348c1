import { requireBetween } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import type { DelongConfig } from './delong-interval.ts';
import { normalCdf, normalQuantile } from './distributions.ts';
import { placementMoments, placementsOf } from './placements.ts';

export interface DelongTest {
  /** The two AUCs. */
  readonly aucs: readonly [a: number, b: number];
  /** AUC of a − AUC of b. */
  readonly difference: number;
  /** The symmetric bounds of the difference. */
  readonly low: number;
  readonly high: number;
  /** The variance of the difference: var a + var b − 2 cov. */
  readonly variance: number;
  /** difference / √variance. NaN if both scores order the rows alike. */
  readonly z: number;
  /** Two-sided. 1 if both scores order the rows alike. */
  readonly pValue: number;
}

/**
 * DeLong's test of two AUCs on the same rows. Rows that both models find easy or hard cancel out, so the test detects much
 * smaller differences than a comparison of two intervals. It compares two trained models. To compare two ways of training,
 * use {@link pairedDifference} over seeds.
 *
 * Papers: as {@link delongInterval}.
 *
 * @param labels [rows] of 0 or 1
 * @param a [rows] scores of one model, any finite numbers
 * @param b [rows] scores of the other one
 * @param config `{ confidence, mask }`; sample weights are not supported
 * @returns the test. All numbers are NaN if a class has no rows. Bounds and p value are NaN if a class has one row
 * @throws MetricError on weights, lengths that differ, labels other than 0 and 1, scores that aren't finite
 * @example
 * delongTest([0, 0, 0, 1, 1, 1], [1, 2, 5, 4, 6, 7], [1, 4, 5, 3, 6, 2]).pValue; // 0.220671
 */
export const delongTest = (
  labels: NumericArray,
  a: NumericArray,
  b: NumericArray,
  config: DelongConfig = {},
): DelongTest => {
  const where = 'delongTest';
  const [first, second] = placementsOf(where, labels, [a, b], config);
  const { confidence = 0.95 } = config;
  requireBetween(where, 'confidence', confidence, 0, 1);
  const { mean: difference, variance } = placementMoments({
    positive: first!.positive.map((place, i) => place - second!.positive[i]!),
    negative: first!.negative.map((place, i) => place - second!.negative[i]!),
  });
  const half = normalQuantile((1 + confidence) / 2) * Math.sqrt(variance);
  const z = difference / Math.sqrt(variance);
  const pValue = variance === 0 && difference === 0 ? 1 : Number.isNaN(z) ? NaN : 2 * normalCdf(-Math.abs(z));
  const aucs = [placementMoments(first!).mean, placementMoments(second!).mean] as const;
  return { aucs, difference, low: difference - half, high: difference + half, variance, z, pValue };
};
