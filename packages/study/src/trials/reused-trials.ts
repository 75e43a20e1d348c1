import type { TrialResult } from './trial-result.ts';
import { workKey } from './trial-key.ts';
import type { TrialSpec } from './trial-spec.ts';

/**
 * Finds the finished trial that has done the work of a spec, under whatever name and in whichever suite.
 *
 * @param trials those of other runs; of two that did the same work the later one counts
 * @returns such a trial under its new name, or undefined
 */
export function reusedTrials(trials: readonly TrialResult[]): (spec: TrialSpec) => TrialResult | undefined {
  const byWork = new Map(trials.map((trial) => [workKey(trial), trial]));
  return ({ suite, setting, model, seed, engine, config }) => {
    const found = byWork.get(workKey({ seed, engine, config }));
    if (!found) return undefined;
    const { setting: _, ...measured } = found;
    return { ...(setting !== '' && { setting }), ...measured, ...{ suite, model, seed, engine, config } };
  };
}
