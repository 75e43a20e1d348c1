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
  /** Bounds of the difference, symmetric. */
  readonly low: number;
  readonly high: number;
  /** Of the difference: var a + var b − 2 cov. */
  readonly variance: number;
  /** difference / √variance; NaN if both order the rows alike. */
  readonly z: number;
  /** Two-sided; 1 if both order the rows alike. */
  readonly pValue: number;
}

/**
 * DeLong's test of two AUCs on the same rows: whether one of two score columns would order all the rows that there could
 * be better. What both find easy or hard cancels out, so that it sees much smaller differences than two intervals side
 * by side. It compares two trained models, not two ways of training: for those use {@link pairedDifference} over seeds.
 *
 * Papers: as {@link delongInterval}.
 *
 * @param labels [rows] of 0 or 1
 * @param a [rows] scores of one model, any finite numbers
 * @param b [rows] scores of the other one
 * @param config `{ confidence, mask }`; sample weights are not supported
 * @returns NaN for all where a class has no rows; no bounds and no p value where one has a single row
 * @throws MetricError on weights, and on what `auc` refuses
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
