import { contentKey, trialKey } from './trial-key.ts';
import type { TrialResult } from './trial-result.ts';

/** Where finished trials are kept. */
export interface TrialStore {
  /** All of them, in the order in which they came. */
  read(): Promise<TrialResult[]>;
  /**
   * Keeps a trial. Of two with the same {@link lineKey} the first one wins, unless the second one is to replace it: then both
   * are read, and a summary takes the later one.
   */
  append(trial: TrialResult, options?: { readonly replace?: boolean }): Promise<void>;
}

/** Equal for two trials that are the same, in the same table of a suite. Two tables may share a trial: each has its own line. */
export const lineKey = (trial: TrialResult): string => contentKey([trial.setting ?? '', trialKey(trial)]);

/** Keeps trials as long as the program runs. */
export function memoryStore(): TrialStore {
  const trials: TrialResult[] = [];
  const keys = new Set<string>();
  return {
    read: () => Promise.resolve([...trials]),
    append(trial, { replace = false } = {}) {
      const key = lineKey(trial);
      if (replace || !keys.has(key)) trials.push(trial);
      keys.add(key);
      return Promise.resolve();
    },
  };
}
