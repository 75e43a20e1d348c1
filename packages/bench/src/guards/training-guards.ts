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

/**
 * Looks for a training that was cut short: its best epoch is the last that it was allowed.
 *
 * @param bestEpoch the epoch whose weights were kept, from 1
 * @param epochs how many were allowed
 */
export const improvementGuard = (bestEpoch: number, epochs: number): Warning[] =>
  bestEpoch < epochs
    ? []
    : [{ guard: 'still improving', message: `Still improving at epoch ${bestEpoch} of ${epochs}: raise --epochs.` }];

/** A task counts for nothing when its weighted loss is smaller than this share of the largest one. */
const DEAD = 1e-4;

/**
 * Looks for tasks that a balancer no longer trains: the weight of the last epoch times the loss of the first one is below
 * 1e-4 of the largest such product. The first epoch's loss says how large the task's losses are at all, in its own units.
 *
 * @param weights the mean weight of each task in the last epoch; undefined without a balancer, or for one that has none
 * @param losses the mean training loss of each task in the first epoch
 */
export function weightGuard(
  weights: Readonly<Record<string, number>> | undefined,
  losses: Readonly<Record<string, number>>,
): Warning[] {
  const products = Object.entries(weights ?? {})
    .map(([task, weight]) => ({ task, product: Math.abs(weight * (losses[task] ?? NaN)) }))
    .filter(({ product }) => Number.isFinite(product));
  const most = Math.max(0, ...products.map(({ product }) => product));
  return products
    .filter(({ product }) => product < DEAD * most)
    .map(({ task }) => ({
      guard: 'dead weight',
      task,
      message: `The balancer no longer trains task ${task}: its weighted loss is less than 0.01% of the largest one.`,
    }));
}

/** What a trial's error says of it: training stops where a loss or an output is no longer finite. */
export const failureWarning = (error: Error): Warning => ({
  guard: /diverged|not finite|isn't finite/i.test(error.message) ? 'diverged' : 'failed',
  message: `No result: ${error.message}`,
});
