import type { NumericArray } from './metric.ts';

/**
 * The weighted mean of a number of each label; 0 without weight.
 *
 * @example
 * weightedMean([1, 2, 6], [1, 1, 2]); // 3.75
 */
export function weightedMean(
  labels: NumericArray,
  weights: NumericArray,
  valueOf: (label: number) => number = (label) => label,
): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    sum += weights[row]! * valueOf(labels[row]!);
    total += weights[row]!;
  }
  return total > 0 ? sum / total : 0;
}

/** The weighted mean of a number of each label and column, such as the shares of classes. */
export const weightedMeans =
  (valueOf: (label: number, column: number) => number) =>
  (labels: NumericArray, weights: NumericArray, width: number): number[] =>
    Array.from({ length: width }, (_, column) => weightedMean(labels, weights, (label) => valueOf(label, column)));
