/** e^x_i / Σ e^x_j */
export function softmax(x: readonly number[]): number[] {
  const largest = Math.max(...x);
  const powers = x.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((all, each) => all + each, 0);
  return powers.map((power) => power / sum);
}

/**
 * A step of gradient descent on a convex function of one number that doesn't go past its minimum. Where the loss of a task is
 * large, the gradient is as well, and a plain step would land far on the other side: e^−s of a log-variance that has
 * jumped by 40 is a weight that never comes back.
 *
 * @param from where the number is @param to where a plain step ends @param minimum of the function
 */
export const noFurther = (from: number, to: number, minimum: number): number =>
  from <= minimum ? Math.min(to, minimum) : Math.max(to, minimum);
