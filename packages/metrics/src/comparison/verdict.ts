import { MetricError, requireChoice, show } from '../metric-error.ts';
import type { Direction } from '../metric.ts';

/** The result for a model on one task. `no difference` means that none is shown, `untested` that there is no interval. */
export type Verdict = 'better' | 'worse' | 'no difference' | 'untested';

/** The bounds of the interval of model − baseline. */
export interface DifferenceBounds {
  readonly low: number;
  readonly high: number;
}

/**
 * The verdict of an interval of model − baseline. It is `better` or `worse` if the whole interval lies on one side of 0.
 *
 * @param bounds of the difference. NaN gives `untested`
 * @param direction whether a higher or a lower value of the metric is better
 * @throws MetricError when bounds aren't numbers, low > high, or the direction is unknown
 * @example
 * verdictOf({ low: -0.03, high: -0.01 }, 'lower') === 'better'; // true
 */
export const verdictOf = ({ low, high }: DifferenceBounds, direction: Exclude<Direction, 'one'>): Verdict => {
  requireChoice('verdictOf', 'direction', direction, ['higher', 'lower']);
  if (typeof low !== 'number' || typeof high !== 'number' || low > high) {
    throw new MetricError(
      'verdictOf',
      `low = ${show(low)}, high = ${show(high)}`,
      'low <= high',
      'Give the bounds of the difference model − baseline.',
    );
  }
  if (Number.isNaN(low) || Number.isNaN(high)) return 'untested';
  if (low <= 0 && high >= 0) return 'no difference';
  return low > 0 === (direction === 'higher') ? 'better' : 'worse';
};

/** Verdicts of one model over tasks. */
export interface Tally {
  readonly wins: number;
  readonly losses: number;
  /** The number of tasks with `no difference`. */
  readonly ties: number;
  readonly untested: number;
  /** Whether there is at least one win and one loss. */
  readonly seesaw: boolean;
}

/**
 * Counts verdicts over tasks. The verdicts are a seesaw if some tasks improve while others get worse, as often happens with
 * shared parameters (Tang et al. 2020, "Progressive layered extraction", section 1).
 *
 * @example
 * tally(['better', 'worse', 'no difference']); // { wins: 1, losses: 1, ties: 1, untested: 0, seesaw: true }
 */
export const tally = (verdicts: readonly Verdict[]): Tally => {
  const count = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length;
  const [wins, losses] = [count('better'), count('worse')];
  return { wins, losses, ties: count('no difference'), untested: count('untested'), seesaw: wins > 0 && losses > 0 };
};
