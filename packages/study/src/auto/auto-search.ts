import { BASELINE } from '../models/models.ts';
import { scoreOf, type SearchModelsOptions, storedScore } from '../search/candidate-scores.ts';
import { type Candidate, rankedBy, rungs, search } from '../search/search.ts';
import { selectionMeasure } from '../summary/metric-rows.ts';
import { atPlaces } from '../trials/places.ts';
import type { OpenSetting } from '../trials/plan.ts';
import { type AutoCandidate, bracketCandidates } from './auto-space.ts';
import type { SearchClock } from './search-clock.ts';

/** A round keeps one configuration in three. */
const ETA = 3;

export interface AutoSearchOptions extends SearchModelsOptions {
  /** No training starts after so many seconds, and the running ones end. The first training runs in any case. */
  readonly seconds: number;
  readonly clock: SearchClock;
}

/** A configuration with the score of its longest training. A score is that of the best epoch: a longer training can't be worse. */
export type AutoScore = Candidate<AutoCandidate>;

/**
 * Searches models and hyper-parameters on the validation rows of one seed, for a limited time. It runs brackets of successive halving, one
 * after the other. Each round of a bracket may take an equal share of the remaining time. It leaves out what it can't start by then. The
 * best single-task configuration enters each round.
 *
 * Papers: Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and hyperparameter optimization"; the loop over
 * brackets is that of Li et al. 2018, "Hyperband", with the bracket that halves most.
 *
 * @returns the tried configurations, the best one first; without those that failed
 * @throws the reason of the signal
 */
export async function autoSearch(open: OpenSetting, options: AutoSearchOptions): Promise<AutoScore[]> {
  const { clock, executor, seconds, listener = {}, signal, scores } = options;
  const { suite, setting, tasks, common } = open;
  const { epochs, selection, learningRate } = common.training;
  const { direction } = selectionMeasure(selection);
  const variants = new Map(suite.models.map((variant) => [variant.label, variant]));
  const space = { models: [...variants.keys()], tasks, size: setting.size, learningRate, seed: suite.searchSeed };
  const found = new Map<AutoCandidate, AutoScore>();
  let count = 0;

  /** Trains a configuration, unless its score is stored. @returns NaN if it failed, or didn't end in time */
  const train = async ({ model, values }: AutoCandidate, length: number, limit: AbortSignal | undefined) => {
    const stops = [signal, limit].filter((stop) => stop !== undefined);
    try {
      const { score, stored } = await scoreOf(open, variants.get(model)!, values, length, {
        ...options,
        signal: AbortSignal.any(stops),
        elapsed: () => clock.elapsed(),
        onError: () => {}, // a failed configuration is out of the search
      });
      clock.resume(stored?.elapsed ?? 0);
      listener.onCandidate?.({ setting: setting.title, model, number: ++count, values, epochs: length, score });
      return score;
    } catch (error) {
      signal?.throwIfAborted();
      if (limit?.aborted) return NaN;
      throw error;
    }
  };

  for (let bracket = 0, before = -1; found.size > before && (bracket === 0 || clock.elapsed() < seconds); bracket++) {
    before = found.size;
    const candidates = bracketCandidates(space, bracket);
    const rounds = rungs(candidates.length, epochs, ETA);
    const start = clock.elapsed();
    let round = 0;
    const measure = async (entrants: readonly AutoCandidate[], length: number): Promise<number[]> => {
      const end = start + ((seconds - start) * ++round) / rounds.length;
      const measured = entrants.map(() => NaN);
      await atPlaces(entrants, executor.places, async (candidate, i) => {
        const isFirst = bracket === 0 && round === 1 && i === 0;
        const isStored =
          storedScore(open, variants.get(candidate.model)!, candidate.values, length, scores) !== undefined;
        if (!isFirst && !isStored && clock.elapsed() >= end) return;
        const left = Math.ceil(Math.max(0, 1000 * (seconds - clock.elapsed())));
        const score = await train(candidate, length, isFirst ? undefined : AbortSignal.timeout(left));
        measured[i] = score;
        if (!Number.isNaN(score)) found.set(candidate, { values: candidate, epochs: length, score });
      });
      const trained = measured.filter((score) => !Number.isNaN(score)).length;
      if (trained > 0)
        listener.onRound?.({
          ...{ bracket: bracket + 1, round, of: rounds.length, epochs: length, trained, seconds: clock.elapsed() },
          best: rankedBy(direction, [...found.values()])[0]!,
        });
      return measured;
    };
    await search({ candidates, rounds, always: ({ model }) => model === BASELINE }, direction, measure);
  }
  return rankedBy(direction, [...found.values()]);
}
