/**
 * The inner products of gradients, in double precision: G = J Jᵀ, [T][T].
 *
 * @param jacobian a gradient a task, all of one length
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
