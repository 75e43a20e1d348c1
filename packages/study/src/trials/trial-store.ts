import { contentKey, trialKey } from './trial-key.ts';
import type { TrialResult } from './trial-result.ts';

/** Where finished trials are kept. */
export interface TrialStore {
  /** One of each {@link lineKey}, in the order in which the first of each came. */
  read(): Promise<TrialResult[]>;
  /** Keeps a trial. Of two with the same {@link lineKey} the first one wins, unless the second one is to replace it. */
  append(trial: TrialResult, options?: { readonly replace?: boolean }): Promise<void>;
}

/** Equal for two trials that are the same, in the same table of a suite. Two tables may share a trial: each has its own line. */
export const lineKey = (trial: TrialResult): string => contentKey([trial.setting ?? '', trialKey(trial)]);

/** Of trials with the same {@link lineKey} the last one, at the place of the first. */
export const lastOfEach = (trials: readonly TrialResult[]): TrialResult[] => [
  ...new Map(trials.map((trial) => [lineKey(trial), trial])).values(),
];

/** Keeps trials as long as the program runs. */
export function memoryStore(): TrialStore {
  const trials = new Map<string, TrialResult>();
  return {
    read: () => Promise.resolve([...trials.values()]),
    append(trial, { replace = false } = {}) {
      const key = lineKey(trial);
      if (replace || !trials.has(key)) trials.set(key, trial);
      return Promise.resolve();
    },
  };
}
