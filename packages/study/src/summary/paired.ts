import type { TrialResult } from '../trials/trial-result.ts';

/** The trials of two models with the seeds that both have, in the same order. */
export function paired(a: readonly TrialResult[], b: readonly TrialResult[]): [TrialResult, TrialResult][] {
  const bySeed = new Map(b.map((trial) => [trial.seed, trial]));
  return a.flatMap((trial): [TrialResult, TrialResult][] => {
    const other = bySeed.get(trial.seed);
    return other ? [[trial, other]] : [];
  });
}
