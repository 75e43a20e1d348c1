import { mean } from '@polytask/components';

/** The relation of the tasks' gradients in one step. All numbers are NaN with fewer than two nonzero gradients. */
export interface GradientDiagnostics {
  /** The mean cosine over pairs of tasks, from −1 to 1. */
  readonly cosine: number;
  /** The length of the longest gradient divided by that of the shortest, 1 or more. */
  readonly magnitudeRatio: number;
  /** The share of pairs with a negative cosine. */
  readonly conflicts: number;
}

/**
 * Computes cosines, lengths and conflicts of the tasks' gradients. Gradients of 0 are ignored, such as the gradients of
 * tasks without a label in the batch.
 *
 * @param gramian the inner products of the gradients, [T][T]
 * @example gradientDiagnostics([[1, -1, 0], [-1, 4, 0], [0, 0, 1]]); // { cosine: -0.1667, magnitudeRatio: 2, conflicts: 0.3333 }
 */
export function gradientDiagnostics(gramian: readonly (readonly number[])[]): GradientDiagnostics {
  const norms = gramian.map((row, i) => Math.sqrt(row[i]!));
  const present = norms.flatMap((norm, i) => (norm > 0 ? [i] : []));
  const cosines = present.flatMap((i, k) => present.slice(k + 1).map((j) => gramian[i]![j]! / (norms[i]! * norms[j]!)));
  if (cosines.length === 0) return { cosine: NaN, magnitudeRatio: NaN, conflicts: NaN };
  const lengths = present.map((i) => norms[i]!);
  return {
    cosine: mean(cosines),
    magnitudeRatio: Math.max(...lengths) / Math.min(...lengths),
    conflicts: cosines.filter((cosine) => cosine < 0).length / cosines.length,
  };
}

/**
 * Computes the inner products of gradients in double precision: G = J Jᵀ, [T][T].
 *
 * @param jacobian one gradient per task, all of one length
 * @example gramianOf([Float32Array.of(1, 2), Float32Array.of(0, -1)]); // [[5, -2], [-2, 1]]
 */
export function gramianOf(jacobian: readonly Float32Array[]): number[][] {
  const gramian = jacobian.map(() => new Array<number>(jacobian.length).fill(0));
  jacobian.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const b = jacobian[j]!;
      let sum = 0;
      for (let p = 0; p < a.length; p++) sum += a[p]! * b[p]!;
      gramian[i]![j] = gramian[j]![i] = sum;
    }
  });
  return gramian;
}
