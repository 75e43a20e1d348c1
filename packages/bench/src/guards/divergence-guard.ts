import type { Warning } from './warning.ts';

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

/** What a trial's error says of it: training stops where a loss or an output is no longer finite. */
export const failureWarning = (error: Error): Warning => ({
  guard: /diverged|not finite|isn't finite/i.test(error.message) ? 'diverged' : 'failed',
  message: `No result: ${error.message}`,
});
