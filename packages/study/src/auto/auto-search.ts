import { fail } from '@polytask/core';
import { BASELINE } from '../models/models.ts';
import { type AutoCandidate, type Candidate, rankedBy, rungs, search } from '../search/search.ts';
import { scoresOf } from '../trials/search-models.ts';
import { selectionMeasure } from '../summary/metric-entries.ts';
import type { OpenSetting } from '../trials/plan.ts';
import type { RunListener } from '../trials/run-listener.ts';
import type { Policy } from '../trials/run-trials.ts';
import { isScore } from '../results/trial-result.ts';
import { rowCountsOf } from '../suites/row-counts.ts';
import { bracketCandidates } from './auto-space.ts';

/** A round keeps one configuration in three. */
const ETA = 3;

/** The training rows of the first round, if there are more. Each round has three times as many, the last one has all. */
const FIRST_ROWS = 50_000;

export interface AutoSearchOptions {
  /** No training starts after so many seconds, and the running ones end. The first training runs in any case. */
  readonly seconds: number;
  readonly clock: SearchClock;
  /** Whether boosting can teach a task. Default: false. */
  readonly hasTeacher?: boolean;
  readonly listener?: RunListener | undefined;
}

/** A configuration with the score of its longest training. A score is that of the best epoch: a longer training can't be worse. */
export type AutoScore = Candidate<AutoCandidate>;

/**
 * The policy that searches models and hyper-parameters on the validation rows of one seed, for a limited time. It runs brackets of
 * successive halving, one after the other. Each round of a bracket may take an equal share of the remaining time, and
 * leaves out trainings that can't start by then. The best single-task configuration enters each round.
 *
 * Papers: Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and hyperparameter optimization"; the loop over
 * brackets is that of Li et al. 2018, "Hyperband", with the bracket that halves most.
 *
 * @returns the tried configurations, the best one first; without those that failed
 */
export async function* autoSearch(open: OpenSetting, options: AutoSearchOptions): Policy<AutoScore[]> {
  const { clock, seconds, hasTeacher = false, listener = {} } = options;
  const { suite, tasks, common } = open;
  const { epochs, selection, learningRate } = common.training;
  if (learningRate === 'find')
    fail({
      expected: 'a learning rate around which the search tries others',
      received: '"find"',
      fix: 'Leave it out: the search finds one.',
    });
  const { direction } = selectionMeasure(selection);
  const { train: allRows = 0 } = rowCountsOf(common.data);
  const variants = new Map(suite.models.map((variant) => [variant.label, variant]));
  const drawn = suite.models.filter(({ entry }) => !entry.trainsItself).map(({ label }) => label);
  const space = {
    models: [...variants.keys()],
    drawn,
    tasks,
    size: open.size,
    learningRate,
    hasTeacher,
    seed: suite.searchSeed,
  };
  const found = new Map<AutoCandidate, AutoScore>();
  let count = 0;

  for (let bracket = 0, before = -1; found.size > before && (bracket === 0 || clock.elapsed() < seconds); bracket++) {
    before = found.size;
    const candidates = bracketCandidates(space, bracket);
    const rounds = rungs(candidates.length, epochs, ETA);
    const start = clock.elapsed();
    let round = 0;
    const measure = async function* (entrants: readonly AutoCandidate[], length: number): Policy<number[]> {
      const end = start + ((seconds - start) * ++round) / rounds.length;
      const isFirst = (i: number) => bracket === 0 && round === 1 && i === 0;
      const configurations = entrants.map(({ model, values }) => ({ variant: variants.get(model)!, values }));
      const some = round < rounds.length ? FIRST_ROWS * ETA ** (round - 1) : Infinity;
      const trainingRows = some < allRows ? some : undefined;
      const measured = yield* scoresOf(
        open,
        configurations,
        { epochs: length, trainingRows },
        {
          elapsed: () => clock.elapsed(),
          start(i) {
            if (isFirst(i)) return true;
            const left = Math.ceil(Math.max(0, 1000 * (seconds - clock.elapsed())));
            return clock.elapsed() < end && AbortSignal.timeout(left);
          },
          onOutcome({ result, failure }, i) {
            if (!result && !failure) return;
            const [{ model, values }, score] = [entrants[i]!, result && isScore(result) ? result.score : NaN];
            clock.resume((result && isScore(result) && result.elapsed) || 0);
            listener.onCandidate?.({
              ...{ setting: open.title, ...open.searched, model },
              ...{ number: ++count, values, epochs: length, score },
            });
            if (!Number.isNaN(score)) found.set(entrants[i]!, { values: entrants[i]!, epochs: length, score });
          },
        },
      );
      const trained = measured.filter((score) => !Number.isNaN(score)).length;
      if (trained > 0)
        listener.onRound?.({
          ...{
            bracket: bracket + 1,
            round,
            of: rounds.length,
            epochs: length,
            trainingRows,
            trained,
            seconds: clock.elapsed(),
          },
          best: rankedBy(direction, [...found.values()])[0]!,
        });
      return measured;
    };
    yield* search({ candidates, rounds, always: ({ model }) => model === BASELINE }, direction, measure);
  }
  return rankedBy(direction, [...found.values()]);
}

/** The clock of a search with a time limit. It counts the seconds of the search over all runs of an interrupted one. */
export interface SearchClock {
  /** The seconds of the search so far. */
  elapsed(): number;
  /** Sets the clock to the time at which a stored training ended, if this is later. */
  resume(elapsed: number): void;
}

/** Starts a clock at 0. @param now the time in seconds */
export function searchClock(now: () => number): SearchClock {
  let start = now();
  let base = 0;
  const elapsed = () => base + now() - start;
  return {
    elapsed,
    resume(stored) {
      if (stored <= elapsed()) return;
      base = stored;
      start = now();
    },
  };
}
