import type { Release } from '@polytask/core';
import { placeOf, workKey } from '../results/trial-key.ts';
import { isScore, testedOf, type Result, type TrialResult } from '../results/trial-result.ts';
import type { TrialSpec } from './trial-spec.ts';

/** Stores the results of trials: those of tables, and the scores of configurations that a search tried. */
export interface TrialStore {
  /** The results on test rows, one for each table and key, in the order of their first appearance. */
  read(): Promise<TrialResult[]>;
  /** The result of a trial, of this run or another with the same store. */
  find(spec: TrialSpec): Promise<Result | undefined>;
  /** Adds a result. One with the same {@link placeOf} stays, unless `replace` is true. */
  append(result: Result, options?: { readonly replace?: boolean }): Promise<void>;
  /**
   * Claims a trial, so that no other run with the store runs it meanwhile.
   *
   * @returns a function that ends the claim; undefined while another run has it
   */
  claim(spec: TrialSpec): Promise<Release | undefined>;
}

/** A store in memory. */
export function memoryStore(): TrialStore {
  const results = new Map<string, Result>();
  return {
    read: () => Promise.resolve(testedOf([...results.values()])),
    find: (spec) => Promise.resolve(results.get(placeOf(spec))),
    append(result, { replace = false } = {}) {
      const place = placeOf(result);
      if (replace || !results.has(place)) results.set(place, result);
      return Promise.resolve();
    },
    claim: () => Promise.resolve(() => Promise.resolve()), // no other process has this store
  };
}

/**
 * Finds results of other runs that did the same work as a trial, under any name and in any suite.
 *
 * @param results of other runs; the later one of two with the same work counts
 * @returns a function from a trial to the result under its new name, or undefined
 */
export function reusedResults(results: readonly Result[]): (spec: TrialSpec) => Result | undefined {
  const byWork = new Map(results.map((result) => [isScore(result) ? result.key : workKey(result), result]));
  return ({ suite, setting, model, parts, seed, fold, engine, config, measures, key }) => {
    const result = byWork.get(measures === 'validation' ? key : workKey({ seed, fold, engine, config }));
    if (!result) return undefined;
    if (isScore(result)) return { ...result, setting, model };
    const { setting: _, ...measured } = result;
    return { ...(setting !== '' && { setting }), ...measured, ...{ suite, model, parts, seed, engine, config } };
  };
}
