import { fail, sum } from '@polytask/components';
import type { TaskLosses, Seen } from '../contracts.ts';

export function softmax(x: readonly number[]): number[] {
  const largest = Math.max(...x);
  const powers = x.map((value) => Math.exp(value - largest));
  const whole = sum(powers);
  return powers.map((power) => power / whole);
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

/** The lower bound of a loss: a loss of 0 has no logarithm. */
const LEAST = 1e-8;

/**
 * The losses of a rule that takes their logarithms or ratios, at least 1e-8. Null for a task without a label in the batch.
 *
 * @throws PolytaskError for a negative loss, such as that of a density
 */
export const positiveLosses = ({ losses, present }: Seen<TaskLosses>, tasks: readonly string[], name: string) =>
  losses.map((loss, i) => {
    if (!present[i]) return null;
    if (loss >= 0) return Math.max(loss, LEAST);
    return fail({
      expected: `a loss of 0 or more of task "${tasks[i]}" for ${name}`,
      received: loss.toPrecision(3),
      fix: 'The balancer takes its logarithm or a ratio. Choose one that only reads gradients, such as upGrad(), or another loss.',
    });
  });
