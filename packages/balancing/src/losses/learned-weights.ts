import { fail, sum } from '@polytask/components';
import type { TaskLosses, Seen } from '../contracts.ts';

/** The sums and counts of losses over some steps. */
export type LossSums = {
  readonly sums: readonly number[];
  readonly counts: readonly number[];
};

export const noLosses = (tasks: readonly string[]): LossSums => ({
  sums: tasks.map(() => 0),
  counts: tasks.map(() => 0),
});

export const addLosses = ({ sums, counts }: LossSums, losses: readonly (number | null)[]): LossSums => ({
  sums: sums.map((sum, i) => sum + (losses[i] ?? 0)),
  counts: counts.map((count, i) => count + Number(losses[i] !== null)),
});

export function softmax(x: readonly number[]): number[] {
  const largest = Math.max(...x);
  const powers = x.map((value) => Math.exp(value - largest));
  const whole = sum(powers);
  return powers.map((power) => power / whole);
}

/** The lower bound of a loss: a loss of 0 has no logarithm. */
const LEAST = 1e-8;

/** Losses of at least 1e-8, for logarithms or ratios; null for a task without a label. @throws PolytaskError for a negative one */
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
