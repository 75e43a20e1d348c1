import { meanOf } from '../statistics/bootstrap-difference.ts';
import { bootstrapOf, type BootstrapConfig } from '../statistics/bootstrap-interval.ts';
import { pairedDifference, type PairedDifference } from '../statistics/paired-difference.ts';
import type { TaskComparison } from './comparison.ts';
import type { BySeed } from './read-runs.ts';

const NOTHING: PairedDifference = { mean: NaN, low: NaN, high: NaN, deviation: NaN, n: 0, t: NaN, pValue: NaN };

/** The seeds of both, in their common order. */
export const sharedSeeds = (a: BySeed, b: BySeed): string[] => [...a.keys()].filter((seed) => b.has(seed));

/** One model beside the baseline in one task, before the correction for the number of tests. */
export const compareTask = (
  model: BySeed,
  baseline: BySeed,
  config: BootstrapConfig,
): Omit<TaskComparison, 'adjustedPValue' | 'verdict'> => {
  const seeds = sharedSeeds(model, baseline);
  const values = (side: BySeed) => seeds.map((seed) => side.get(seed)!);
  const [ours, theirs] = [values(model), values(baseline)];
  const differences = Float64Array.from(ours, (value, i) => value - theirs[i]!);
  return {
    seeds,
    unpaired: {
      model: [...model.keys()].filter((seed) => !baseline.has(seed)),
      baseline: [...baseline.keys()].filter((seed) => !model.has(seed)),
    },
    difference: seeds.length > 0 ? pairedDifference(ours, theirs, config) : NOTHING,
    bootstrap: bootstrapOf('compareRuns', [differences], meanOf, config),
  };
};
