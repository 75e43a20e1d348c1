import type { FitWarning } from '@polytask/training';
import type { Guard, Warning } from './warning.ts';

/**
 * Looks for a training that went the wrong way: the last epoch's training loss is above the first's.
 *
 * @param losses the mean training loss of each epoch
 */
export function divergenceGuard(losses: readonly number[]): Warning[] {
  const [first, last] = [losses[0], losses.at(-1)];
  if (losses.length < 2 || !(last! > first!)) return [];
  return [
    {
      guard: 'diverged',
      message: `The training loss went up, from ${first!.toPrecision(3)} to ${last!.toPrecision(3)}.`,
    },
  ];
}

/** The guards of what `fit` warns of. `worse-than-constant` has none: it is measured on the test rows as well. */
const OF_FIT: Readonly<Partial<Record<FitWarning['kind'], Guard>>> = {
  'still-improving': 'still improving',
  'undefined-score': 'one class',
  'weight-died': 'dead weight',
};

/** What `fit` warns of: a training that was cut short, tasks without a validation score, and tasks that a balancer no longer trains. */
export const fitGuards = (warnings: readonly FitWarning[]): Warning[] =>
  warnings.flatMap(({ kind, task, message }) => {
    const guard = OF_FIT[kind];
    return guard ? [{ guard, message, ...(task !== undefined && { task }) }] : [];
  });

/** What a trial's error says of it: training stops where a loss or an output is no longer finite. */
export const failureWarning = (error: Error): Warning => ({
  guard: /diverged|not finite|isn't finite/i.test(error.message) ? 'diverged' : 'failed',
  message: `No result: ${error.message}`,
});
