import { diagonal, type Matrix } from './solve.ts';

/**
 * Weights by a function of the Gramian that can't take gradients of 0: those of tasks without a label in the batch, or at
 * their minimum. They are left out, and have weight 0.
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
