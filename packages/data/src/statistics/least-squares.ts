import { sum } from '@polytask/components';
/**
 * Linear least squares: the weights that make the weighted sum of some columns nearest to a target.
 *
 * The columns and the target have to be centered. A ridge of 1e-9 of the columns' squares keeps equal columns solvable.
 *
 * @param columns [columns][rows]
 * @param target [rows]
 * @returns [columns]
 * @example leastSquares([Float64Array.of(-1, 1)], Float64Array.of(-2, 2)) // about [2]
 */
export function leastSquares(columns: readonly Float64Array[], target: Float64Array): Float64Array {
  const normal = columns.map((a) => Float64Array.from(columns, (b) => dot(a, b)));
  normal.forEach((row, i) => (row[i]! *= 1 + 1e-9));
  return solve(
    normal,
    Float64Array.from(columns, (column) => dot(column, target)),
  );
}

const dot = (a: Float64Array, b: Float64Array): number => sum(a, (value, i) => value * b[i]!);

/** Solves a symmetric positive definite system by its Cholesky factor. Overwrites both arguments. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let i = 0; i < size; i++) {
    const row = matrix[i]!;
    for (let j = 0; j <= i; j++) {
      let sum = row[j]!;
      for (let k = 0; k < j; k++) sum -= row[k]! * matrix[j]![k]!;
      row[j] = i === j ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / matrix[j]![j]!;
    }
  }
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) right[i]! -= matrix[i]![k]! * right[k]!;
    right[i]! /= matrix[i]![i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) right[i]! -= matrix[k]![i]! * right[k]!;
    right[i]! /= matrix[i]![i]!;
  }
  return right;
}
