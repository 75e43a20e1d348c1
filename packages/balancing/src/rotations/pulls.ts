import { fail, optional, readOptions, wholeNumber, type FromDescription, type Written } from '@polytask/components';

const description = {
  /** d: the width of a row of the gradients. */
  width: wholeNumber(1),
  /** m: the number of features that are rotated, the first of each row. Without it, all are. */
  size: optional(wholeNumber(1)),
};

/** Options of {@link rotationPulls}. */
export interface PullsOptions extends Written<typeof description>, FromDescription {}

/**
 * Computes the ascent matrices of the tasks' rotations (RotoGrad: Javaloy & Valera, ICLR 2022, section 3.2), when all heads
 * read one representation Z. M_k = U_kᵀ V over the rotated features. U_k = G_k/‖G_k‖ is a task's gradient scaled to length 1,
 * and V is the mean of all U_k.
 *
 * {@link turned} uses M_k for the steepest ascent. A rotation of R_k by exp(S), with a skew-symmetric S, raises ⟨U_k, V⟩ by
 * ⟨S, M_k⟩ to first order. V and the gradient R_k U_k of the head's input are held constant.
 *
 * @param gradients ∂L_k/∂Z, [T][rows × d], row-major. A gradient of 0 gives M_k = 0 and is left out of the mean.
 * @returns M_k for each task, [m, m] row-major
 * @throws PolytaskError when the gradients differ in length, the widths don't fit, or an option is unknown
 * @example [...rotationPulls([Float32Array.of(2, 0), Float32Array.of(0, 5)], { width: 2 })[0]]; // [0.5, 0.5, 0, 0]
 */
export function rotationPulls(gradients: readonly Float32Array[], options: PullsOptions): Float64Array[] {
  const { width, size = width } = readOptions(options, description, 'rotationPulls');
  const length = gradients[0]?.length ?? 0;
  if (gradients.some((each) => each.length !== length) || length === 0 || length % width !== 0) {
    fail({
      expected: `gradients of one length, ${width} numbers a row`,
      received: gradients.map((each) => each.length).join(', ') || 'none',
      fix: 'Pass ∂L/∂Z of each task, row by row.',
    });
  }
  if (size > width) {
    fail({
      expected: `a size from 1 to ${width}`,
      received: String(size),
      fix: 'Rotate as many features as there are, or fewer.',
    });
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
