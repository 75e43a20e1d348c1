import { diagonal, type Matrix } from './solve.ts';

/**
 * Computes weights with a function that requires nonzero gradients. Tasks with a gradient of 0, because they have no label
 * in the batch or are at their minimum, are left out and get weight 0.
 */
export function overPresent(gramian: Matrix, weigh: (gramian: Matrix) => readonly number[]): number[] {
  const norms = diagonal(gramian);
  const present = norms.flatMap((square, i) => (square > 0 ? [i] : []));
  const weights = norms.map(() => 0);
  if (present.length === 0) return weights;
  const own = weigh(present.map((i) => present.map((j) => gramian[i]![j]!)));
  present.forEach((i, k) => (weights[i] = own[k]!));
  return weights;
}
