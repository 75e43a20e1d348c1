import { PolytaskError } from '@polytask/core';
import type { ModelVariant } from '../models/model-variant.ts';
import { selectionMeasure } from '../summary/metric-rows.ts';
import { atPlaces } from '../trials/places.ts';
import type { OpenSetting } from '../trials/plan.ts';
import type { Failure } from '../trials/run-listener.ts';
import { scoreOf, type ScoreStore, type SearchModelsOptions, storedScore } from './candidate-scores.ts';
import { type Candidate, search, type SearchPlan, type SearchResult, whatToTry } from './search.ts';
import type { Hyperparameters } from './space.ts';

/** The outcome of the searches of a setting. */
export interface SearchOutcome {
  /** The chosen hyper-parameters by model, for the models with a choice. */
  readonly values: ReadonlyMap<string, Hyperparameters>;
  /** The models with a configuration. All configurations of the other models failed: see `failures`. */
  readonly runnable: readonly ModelVariant[];
  /** By model: the last round of the suite's search, with scores. It includes models that only earlier runs searched. */
  readonly tried: ReadonlyMap<string, readonly Candidate[]>;
  readonly failures: readonly Failure[];
}

/**
 * Chooses the hyper-parameters of each model for a setting, on the validation rows of the suite's first seed. Without a search and
 * without weights to tune, it trains nothing.
 *
 * @throws the reason of the signal; PolytaskError for a search with an invalid space
 * @example const { runnable, values } = await searchModels(setting, { executor });
 */
export async function searchModels(open: OpenSetting, options: SearchModelsOptions): Promise<SearchOutcome> {
  const { executor, scores, listener = {} } = options;
  const { models, allModels, search: declaration, searchSeed: seed } = open.suite;
  const { epochs, selection } = open.common.training;
  const setting = open.setting.title;
  const values = new Map<string, Hyperparameters>();
  const tried = new Map<string, readonly Candidate[]>();
  const failures: Failure[] = [];
  for (const variant of models) {
    const model = variant.label;
    const searchPlan = whatToTry(variant, { declaration, tasks: open.tasks, epochs, chosen: values });
    if (!searchPlan) continue;
    let count = 0;
    let lastError: unknown;
    const onError = (error: unknown) => (lastError = error);
    const measure = async (candidates: readonly Hyperparameters[], length: number) => {
      const round: number[] = [];
      await atPlaces(candidates, executor.places, async (candidate, i) => {
        const { score } = await scoreOf(open, variant, candidate, length, { ...options, onError });
        round[i] = score;
        listener.onCandidate?.({ setting, model, number: ++count, values: candidate, epochs: length, score });
      });
      return round;
    };
    const { best, last } = await search(searchPlan, selectionMeasure(selection).direction, measure);
    if (declaration) tried.set(model, last);
    if (best) {
      values.set(model, best.values);
      listener.onChoice?.({ setting, model, tried: count, ...best });
    } else {
      const why = lastError instanceof Error ? ` The last failed with: ${lastError.message}` : '';
      const error = new PolytaskError(
        `None of ${searchPlan.candidates.length} configurations came through the search.${why}`,
        { cause: lastError },
      );
      failures.push({ setting, model, seed, error, attempts: 1 });
    }
  }
  if (scores && declaration) {
    const chosen = new Map(values);
    for (const variant of allModels.filter(({ label }) => !tried.has(label))) {
      const searchPlan = whatToTry(variant, { declaration, tasks: open.tasks, epochs, chosen })!;
      const { best, last } = await recall(open, variant, searchPlan, scores);
      tried.set(variant.label, last);
      if (best) chosen.set(variant.label, best.values);
    }
  }
  const failed = new Set(failures.map(({ model }) => model));
  return { values, runnable: models.filter(({ label }) => !failed.has(label)), tried, failures };
}

/**
 * Repeats the search of an earlier run from its stored scores, for a model that this run doesn't search.
 *
 * @returns no configuration if some scores are missing
 */
async function recall(
  open: OpenSetting,
  model: ModelVariant,
  searchPlan: SearchPlan,
  scores: ScoreStore,
): Promise<SearchResult> {
  let missing = false;
  const result = await search(
    searchPlan,
    selectionMeasure(open.common.training.selection).direction,
    (candidates, length) => {
      const round = missing ? [] : candidates.map((values) => storedScore(open, model, values, length, scores));
      missing ||= round.includes(undefined);
      return Promise.resolve(candidates.map((_, i) => round[i] ?? NaN));
    },
  );
  return missing ? { best: undefined, last: [] } : result;
}
