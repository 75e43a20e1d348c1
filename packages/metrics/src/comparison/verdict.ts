import { MetricError, requireChoice, show } from '../metric-error.ts';
import type { Direction } from '../metric.ts';

/** What the data say of a model beside its baseline in one task. `no difference`: none is shown; `untested`: no interval. */
export type Verdict = 'better' | 'worse' | 'no difference' | 'untested';

/** Bounds of a difference model − baseline. */
export interface DifferenceBounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Reads the interval of a difference model − baseline: better or worse if all of it lies on one side of 0.
 *
 * @param bounds of the difference; NaN gives `untested`
 * @param direction whether a higher or a lower value of the metric is better
 * @throws MetricError on bounds that are no numbers or the wrong way round, an unknown direction
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

export interface Tally {
  readonly wins: number;
  readonly losses: number;
  /** Tasks with no difference shown. */
  readonly ties: number;
  readonly untested: number;
  /** Better in a task at the price of another: at least one win and one loss. */
  readonly seesaw: boolean;
}

/**
 * Counts verdicts over tasks, and says whether they are a seesaw: some tasks improve while others get worse beyond
 * chance, the trouble with shared parameters that PLE was made for (Tang et al. 2020, "Progressive layered extraction",
 * section 1).
 *
 * @example
 * tally(['better', 'worse', 'no difference']); // { wins: 1, losses: 1, ties: 1, untested: 0, seesaw: true }
 */
export const tally = (verdicts: readonly Verdict[]): Tally => {
  const count = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length;
  const [wins, losses] = [count('better'), count('worse')];
  return { wins, losses, ties: count('no difference'), untested: count('untested'), seesaw: wins > 0 && losses > 0 };
};
