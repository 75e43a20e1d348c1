import { BalancingError } from '../balancing-error.ts';

export interface PullsOptions {
  /** d: how many numbers of a gradient are one row's. */
  readonly width: number;
  /** m: how many of them, the first, are rotated. Default: all. */
  readonly size?: number;
}

/**
 * How the tasks' gradients pull at their rotations, where all heads read one representation Z: M_k = U_kᵀ V, [m, m]
 * row-major, over the rotated features. U_k = G_k/‖G_k‖ is a task's gradient at length 1, V the mean of all (RotoGrad: Javaloy
 * & Valera, ICLR 2022, section 3.2). Turning R_k by exp(S), with a skew S, raises ⟨U_k, V⟩ by ⟨S, M_k⟩ to first order, where
 * the gradient R_k U_k of what the head reads and V are held fixed; so {@link turned} goes the steepest way up.
 *
 * @param gradients ∂L_k/∂Z, [T][rows × d], row-major; one of 0 pulls at nothing and doesn't count in the mean
 * @throws BalancingError when they aren't of one length, or the widths don't fit them
 * @example [...rotationPulls([Float32Array.of(2, 0), Float32Array.of(0, 5)], { width: 2 })[0]]; // [0.5, 0.5, 0, 0]
 */
export function rotationPulls(
  gradients: readonly Float32Array[],
  { width, size = width }: PullsOptions,
): Float64Array[] {
  const length = gradients[0]?.length ?? 0;
  if (gradients.some((each) => each.length !== length) || length === 0 || length % width !== 0) {
    throw new BalancingError(
      `gradients of one length, ${width} numbers a row`,
      gradients.map((each) => each.length).join(', ') || 'none',
      'Pass ∂L/∂Z of each task, row by row.',
    );
  }
  if (!Number.isInteger(size) || size < 1 || size > width) {
    throw new BalancingError(
      `a size from 1 to ${width}`,
      String(size),
      'Rotate as many features as there are, or fewer.',
    );
  }
  const norms = gradients.map(lengthOf);
  const count = norms.filter((norm) => norm > 0).length;
  const mean = new Float64Array(length);
  gradients.forEach((gradient, k) => {
    if (norms[k]! > 0) gradient.forEach((value, i) => (mean[i]! += value / (norms[k]! * count)));
  });
  return gradients.map((gradient, k) => {
    const pull = new Float64Array(size * size);
    if (norms[k] === 0) return pull;
    for (let row = 0; row < length; row += width) {
      for (let a = 0; a < size; a++) {
        const own = gradient[row + a]! / norms[k]!;
        for (let b = 0; b < size; b++) pull[a * size + b]! += own * mean[row + b]!;
      }
    }
    return pull;
  });
}

const lengthOf = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
