export function softmax(x: readonly number[]): number[] {
  const largest = Math.max(...x);
  const powers = x.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((all, each) => all + each, 0);
  return powers.map((power) => power / sum);
}

/**
 * Limits a step of gradient descent on a convex function of one number, so that the step doesn't pass the minimum. A task
 * with a large loss has a large gradient, and a plain step would go far beyond the minimum. For example, a log-variance s
 * that jumps by 40 gives a weight e^−s that never recovers.
 *
 * @param from the current number
 * @param to the number after a plain step
 * @param minimum the number at which the function is least
 */
export const noFurther = (from: number, to: number, minimum: number): number =>
  from <= minimum ? Math.min(to, minimum) : Math.max(to, minimum);
