import { fail } from '@polytask/components';
import type { TaskLosses, Seen } from '../contracts.ts';

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
