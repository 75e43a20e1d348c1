import type { Release } from '@polytask/core';
import { contentKey, trialKey, type TrialIdentity, workKey } from './trial-key.ts';
import type { TrialResult } from './trial-result.ts';
import type { TrialSpec } from './trial-spec.ts';

/** Stores finished trials. */
export interface TrialStore {
  /** The trials, one for each {@link lineKey}, in the order of their first appearance. */
  read(): Promise<TrialResult[]>;
  /** Adds a trial. A trial with the same {@link lineKey} stays, unless `replace` is true. */
  append(trial: TrialResult, options?: { readonly replace?: boolean }): Promise<void>;
  /** Whether the store has a trial with this {@link lineKey}, of this run or another. */
  has(line: string): Promise<boolean>;
  /**
   * Claims the trial with this {@link lineKey}, so that no other run with the store runs it meanwhile.
   *
   * @returns a function that ends the claim; undefined while another run has it
   */
  claim(line: string): Promise<Release | undefined>;
}

/** A key that is equal for two equal trials of one table. Two tables may share a trial: each table has its own line. */
export const lineKey = (trial: TrialIdentity & Pick<TrialResult, 'setting'>): string =>
  lineOf(trial.setting ?? '', trialKey(trial));

/** The {@link lineKey} of a trial of a table. @param setting the table's title @param key the trial's `trialKey` */
export const lineOf = (setting: string, key: string): string => contentKey([setting, key]);

/** The trials without repetitions: of several with one {@link lineKey} the last one, at the position of the first. */
export const lastOfEach = (trials: readonly TrialResult[]): TrialResult[] => [
  ...new Map(trials.map((trial) => [lineKey(trial), trial])).values(),
];

/** A store in memory. */
export function memoryStore(): TrialStore {
  const trials = new Map<string, TrialResult>();
  return {
    read: () => Promise.resolve([...trials.values()]),
    append(trial, { replace = false } = {}) {
      const key = lineKey(trial);
      if (replace || !trials.has(key)) trials.set(key, trial);
      return Promise.resolve();
    },
    has: (line) => Promise.resolve(trials.has(line)),
    claim: () => Promise.resolve(() => Promise.resolve()), // no other process has this store
  };
}

/**
 * Finds finished trials of other runs that did the same work as a spec, under any name and in any suite.
 *
 * @param trials of other runs; the later one of two with the same work counts
 * @returns a function from a spec to the trial under its new name, or undefined
 */
export function reusedTrials(trials: readonly TrialResult[]): (spec: TrialSpec) => TrialResult | undefined {
  const byWork = new Map(trials.map((trial) => [workKey(trial), trial]));
  return ({ suite, setting, model, seed, engine, config }) => {
    const trial = byWork.get(workKey({ seed, engine, config }));
    if (!trial) return undefined;
    const { setting: _, ...measured } = trial;
    return { ...(setting !== '' && { setting }), ...measured, ...{ suite, model, seed, engine, config } };
  };
}
