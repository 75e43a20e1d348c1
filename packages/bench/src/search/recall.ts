import type { Contestant } from '../models/model-entry.ts';
import type { SuitePlan } from '../plan-suite.ts';
import type { OpenSetting, RunEngine } from '../trials/declare-trials.ts';
import { candidateJob } from './candidate-job.ts';
import { directionOf, search, type Searched, type SearchPlan } from './search.ts';
import type { SearchFile } from './search-file.ts';
import type { Hyperparameters } from './space.ts';

/**
 * What earlier runs tried for a model that isn't searched in this one: its trials stand in the table all the same.
 *
 * @returns nothing where some of its scores aren't known
 */
export async function recall(
  open: OpenSetting,
  contestant: Contestant,
  trying: SearchPlan,
  place: { readonly plan: SuitePlan; readonly engine: RunEngine; readonly file: SearchFile },
): Promise<Searched> {
  const scoreOf = (values: Hyperparameters, epochs: number) => {
    try {
      return place.file.known.get(candidateJob(open, contestant, values, epochs, place).key);
    } catch {
      return NaN; // it can't be built
    }
  };
  let missing = false;
  const found = await search(trying, directionOf(open.common.training.selection), (candidates, length) => {
    const scores = missing ? [] : candidates.map((values) => scoreOf(values, length));
    missing ||= scores.includes(undefined);
    return Promise.resolve(candidates.map((_, i) => scores[i] ?? NaN));
  });
  return missing ? { best: undefined, last: [] } : found;
}
