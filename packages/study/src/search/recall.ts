import type { ModelVariant } from '../models/model-variant.ts';
import type { OpenSetting } from '../trials/plan.ts';
import { selectionMeasure } from '../summary/selection-measure.ts';
import { candidateSpec } from './candidate-spec.ts';
import type { ScoreStore } from './score-store.ts';
import { search, type SearchPlan, type SearchResult } from './search.ts';
import type { Hyperparameters } from './space.ts';

/**
 * What earlier runs tried for a model that isn't searched in this one: its trials stand in the table all the same.
 *
 * @returns nothing where some of its scores aren't known
 */
export async function recall(
  open: OpenSetting,
  model: ModelVariant,
  searchPlan: SearchPlan,
  scores: ScoreStore,
): Promise<SearchResult> {
  const scoreOf = (values: Hyperparameters, epochs: number) => {
    try {
      return scores.score(candidateSpec(open, model, values, epochs).key);
    } catch {
      return NaN; // it can't be built
    }
  };
  let missing = false;
  const found = await search(
    searchPlan,
    selectionMeasure(open.common.training.selection).direction,
    (candidates, length) => {
      const round = missing ? [] : candidates.map((values) => scoreOf(values, length));
      missing ||= round.includes(undefined);
      return Promise.resolve(candidates.map((_, i) => round[i] ?? NaN));
    },
  );
  return missing ? { best: undefined, last: [] } : found;
}
