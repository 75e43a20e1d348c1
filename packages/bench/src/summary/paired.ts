import type { Trial } from '../trials/trial.ts';

/** The trials of two models with the seeds that both have, in the same order. */
export function paired(a: readonly Trial[], b: readonly Trial[]): [Trial, Trial][] {
  const bySeed = new Map(b.map((trial) => [trial.seed, trial]));
  return a.flatMap((trial): [Trial, Trial][] => {
    const other = bySeed.get(trial.seed);
    return other ? [[trial, other]] : [];
  });
}
