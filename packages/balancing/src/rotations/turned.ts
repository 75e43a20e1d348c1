import {
  fail,
  optional,
  readOptions,
  sum,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';

const description = {
  /** d: the width of a row of the gradients. */
  width: wholeNumber(1),
  /** m: the number of features that are rotated, the first of each row. Without it, all are. */
  size: optional(wholeNumber(1)),
};

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

const lengthOf = (values: Float32Array): number => Math.sqrt(sum(values, (value) => value * value));

/** The series of the exponential ends at terms below this number, which is below the precision of float32. */
const LEAST = 1e-8;
const MOST_TERMS = 60;

/**
 * Turns a rotation by one step of gradient ascent on SO(m): R ← R exp(angle · (M − Mᵀ)/2), the exponential map along the
 * steepest direction. If M is symmetric, as with one task or with equal gradients, R doesn't change. ‖M‖ ≤ 1, so the angle
 * of the step doesn't depend on the scale of the losses.
 *
 * @param kernel K = Rᵀ, [m, m] row-major: a row z becomes z K. K is orthogonal up to rounding, which doesn't accumulate.
 * @param pull M, [m, m] row-major, from {@link rotationPulls}
 * @param angle the largest angle in any plane, in radians
 * @returns the next K, [m, m] row-major
 * @example [...turned([1, 0, 0, 1], [0, 1, 0, 0], Math.PI / 2)]; // [0.7071, -0.7071, 0.7071, 0.7071]
 */
export function turned(kernel: ArrayLike<number>, pull: ArrayLike<number>, angle: number): Float64Array {
  const size = Math.round(Math.sqrt(kernel.length));
  const before = Float64Array.from(kernel);
  const minus = new Float64Array(size * size); // −S, as K = Rᵀ: exp(S)ᵀ = exp(−S)
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) minus[a * size + b] = (angle / 2) * (pull[b * size + a]! - pull[a * size + b]!);
  }
  if (minus.every((value) => value === 0)) return before;
  const next = before.slice();
  let term = before;
  for (let k = 1; k <= MOST_TERMS; k++) {
    term = product(minus, term, size).map((value) => value / k);
    let largest = 0;
    for (let i = 0; i < next.length; i++) {
      next[i]! += term[i]!;
      largest = Math.max(largest, Math.abs(term[i]!));
    }
    if (largest < LEAST) break;
  }
  return orthogonal(next, size);
}

/** One Newton–Schulz step, K − ½ (K Kᵀ − 1) K. It squares the rounding error of K Kᵀ − 1. */
function orthogonal(kernel: Float64Array, size: number): Float64Array {
  const excess = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = a === b ? -1 : 0;
      for (let j = 0; j < size; j++) sum += kernel[a * size + j]! * kernel[b * size + j]!;
      excess[a * size + b] = excess[b * size + a] = sum;
    }
  }
  const correction = product(excess, kernel, size);
  return kernel.map((value, i) => value - correction[i]! / 2);
}

/** The product a b of matrices [size, size]. Four rows of b are used at a time, which saves memory accesses. */
function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  const even = size - (size % 4);
  for (let row = 0; row < size * size; row += size) {
    for (let k = 0; k < even; k += 4) {
      const [f0, f1, f2, f3] = [a[row + k]!, a[row + k + 1]!, a[row + k + 2]!, a[row + k + 3]!];
      const [b0, b1, b2, b3] = [k * size, (k + 1) * size, (k + 2) * size, (k + 3) * size];
      for (let j = 0; j < size; j++)
        result[row + j]! += f0 * b[b0 + j]! + f1 * b[b1 + j]! + f2 * b[b2 + j]! + f3 * b[b3 + j]!;
    }
    for (let k = even; k < size; k++) {
      for (let j = 0; j < size; j++) result[row + j]! += a[row + k]! * b[k * size + j]!;
    }
  }
  return result;
}
