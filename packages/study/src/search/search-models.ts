import { PolytaskError } from '@polytask/core';
import { atPlaces, withRetries } from '../executors/executor.ts';
import type { ModelVariant } from '../models/model-variant.ts';
import { selectionMeasure } from '../summary/selection-measure.ts';
import type { OpenSetting } from '../trials/plan.ts';
import type { Failure } from '../trials/run-listener.ts';
import type { RunTrialsOptions } from '../trials/run-trials.ts';
import { candidateSpec } from './candidate-spec.ts';
import { recall } from './recall.ts';
import type { ScoreStore } from './score-store.ts';
import { search, type Candidate } from './search.ts';
import type { Hyperparameters } from './space.ts';
import { whatToTry } from './what-to-try.ts';

export interface SearchModelsOptions extends Omit<RunTrialsOptions, 'store' | 'log'> {
  /** Where scores are kept. Default: nowhere. */
  readonly scores?: ScoreStore | undefined;
}

/** What the searches of a setting have found. */
export interface SearchOutcome {
  /** By model, of those for which something was to be chosen. */
  readonly values: ReadonlyMap<string, Hyperparameters>;
  /** Those that can be run: of the others no configuration came through, and they are among the failures. */
  readonly runnable: readonly ModelVariant[];
  /** By model: the configurations of its last round of the suite's search, with their scores. Of models that earlier runs searched, too. */
  readonly tried: ReadonlyMap<string, readonly Candidate[]>;
  readonly failures: readonly Failure[];
}

/**
 * Chooses each model's own hyper-parameters for a setting, on the validation rows of the suite's first seed. Where a suite
 * has neither a search nor weights to tune, nothing is chosen and nothing runs.
 *
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
    let thrown: unknown;
    const onError = (error: unknown) => (thrown = error);
    const measure = async (candidates: readonly Hyperparameters[], length: number) => {
      const round: number[] = [];
      await atPlaces(candidates, executor.places, async (candidate, i) => {
        const score = (round[i] = await scoreOf(open, variant, candidate, length, { ...options, onError }));
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
      const why = thrown instanceof Error ? ` The last failed with: ${thrown.message}` : '';
      const error = new PolytaskError(
        `None of ${searchPlan.candidates.length} configurations came through the search.${why}`,
        { cause: thrown },
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

/** A known score, or a new one; NaN for a configuration that can't be built, diverges, or loses its process. */
async function scoreOf(
  open: OpenSetting,
  model: ModelVariant,
  values: Hyperparameters,
  epochs: number,
  options: SearchModelsOptions & { onError(error: unknown): void },
): Promise<number> {
  const { executor, retries = 1, signal, scores, force = false, onError } = options;
  let score = NaN;
  let key: string | undefined;
  try {
    const spec = candidateSpec(open, model, values, epochs);
    key = spec.key;
    const stored = force ? undefined : scores?.score(key);
    if (stored !== undefined) return stored;
    score =
      (force ? undefined : scores?.otherScore(key)) ??
      (await withRetries(() => executor.score(spec, { signal }), retries));
  } catch (error) {
    signal?.throwIfAborted();
    onError(error);
  }
  if (key !== undefined)
    await scores?.append({
      ...{ key, setting: open.setting.title, model: model.label, values, epochs },
      score: Number.isNaN(score) ? null : score,
    });
  return score;
}
