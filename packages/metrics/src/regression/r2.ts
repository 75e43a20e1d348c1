import type { Metric, NumericArray, RowOptions } from '../metric.ts';
import { measure, type WeightsOr } from '../state/measure.ts';
import { sumMetric, type SumDefinition } from '../state/sum-metric.ts';

/**
 * The streaming form of {@link r2}. The state has the mean of the labels and Σ w (y − mean)². Merging them loses no digits,
 * unlike Σ y² − (Σ y)² / n (Chan, Golub & LeVeque 1983, eq. 2.1).
 *
 * @example
 * r2Metric().create().update([1, 2], [1, 3]).update([6], [5]).compute(); // 0.857143
 */
export const r2Metric = (): Metric =>
  sumMetric({
    ...explainedSums,
    name: 'r2',
    description: "the share of the labels' variance that is explained",
    direction: 'higher',
    range: [-Infinity, 1],
    compute: ([weight, , squares, errors]) => (weight! > 0 && squares! > 0 ? 1 - errors! / squares! : NaN),
  });

/** The sums for metrics that compare errors with the variance of the labels. */
export const explainedSums: Omit<SumDefinition, 'name' | 'direction' | 'range' | 'compute'> = {
  task: 'regression',
  rules: { label: 'value', prediction: 'value' },
  size: 4, // Σ w, mean of y, Σ w (y − mean)², Σ w error²
  add: (sums, { count, labels, predictions, weights }) => {
    for (let i = 0; i < count; i++) {
      const weight = weights[i]!;
      join(sums, weight, labels[i]!, 0, weight * (predictions[i]! - labels[i]!) ** 2);
    }
  },
  merge: (sums, [weight, mean, squares, errors]) => join(sums, weight!, mean!, squares!, errors!),
};

const join = (sums: Float64Array, weight: number, mean: number, squares: number, errors: number): void => {
  if (weight === 0) return;
  const total = sums[0]! + weight;
  const gap = mean - sums[1]!;
  sums[2]! += squares + (gap * gap * sums[0]! * weight) / total;
  sums[1] = sums[0] === 0 ? mean : sums[1]! + (gap * weight) / total; // exact for the first row, so equal labels have variance 0
  sums[0] = total;
  sums[3]! += errors;
};

/**
 * The coefficient of determination, R² = 1 − Σ w (p − y)² / Σ w (y − ȳ)²: the share of the labels' variance that the
 * predictions explain. R² is 1 for perfect predictions, and 0 for the mean. It can be negative.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @param weights [rows], or `{ weights, mask }`
 * @returns at most 1. NaN if all labels are the same, or without rows (or weight)
 * @throws MetricError on different lengths, or values that aren't finite
 * @example
 * r2([3, -1, 2], [2, -1, 4]); // 0.423077
 */
export const r2 = (labels: NumericArray, predictions: NumericArray, weights?: WeightsOr<RowOptions>): number =>
  measure('r2', r2Metric, labels, predictions, weights);
