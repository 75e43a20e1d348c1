import type { Spec } from '@polytask/components';
import { fail } from '@polytask/core';
import { halving, type Point, type SearchSetup, startSearch } from '@polytask/training/search';
import { BASELINE } from '../models/models.ts';
import { type AutoCandidate, type Candidate, rankedBy, search, type Training } from '../search/search.ts';
import { scoresOf } from '../trials/search-models.ts';
import { selectionMeasure } from '../summary/metric-entries.ts';
import type { OpenSetting } from '../trials/plan.ts';
import type { RunListener } from '../trials/run-listener.ts';
import type { Policy } from '../trials/run-trials.ts';
import { isScore } from '../results/trial-result.ts';
import { rowCountsOf } from '../suites/row-counts.ts';
import { bracketOf, candidateOf } from './auto-space.ts';

/** Each longer training of a search has so many times the rows of the one before. */
const MORE_ROWS = 3;

/** The training rows of the shortest trainings, if there are more. The longest ones have all. */
const FIRST_ROWS = 50_000;

export interface AutoSearchOptions {
  /** No training starts after so many seconds, and the running ones end. The first training runs in any case. */
  readonly seconds: number;
  readonly clock: SearchClock;
  /** The search of a bracket. Default: successive halving, which keeps one configuration in three. */
  readonly method?: Spec<'search'> | undefined;
  readonly hasTeacher?: boolean;
  readonly listener?: RunListener | undefined;
}

/** A configuration with the score of its longest training. A score is that of the best epoch: a longer training can't be worse. */
export type AutoScore = Candidate<AutoCandidate>;

/**
 * Searches models and hyper-parameters on the validation rows of one seed, for a limited time: brackets of a search, each of which knows what
 * those before have trained (Li et al. 2018, "Hyperband"; halving: Jamieson & Talwalkar 2016). A round of shorter trainings may take an equal
 * share of the remaining time. With halving, the best single-task configuration enters each round. Returns the best configuration first.
 */
export async function* autoSearch(open: OpenSetting, options: AutoSearchOptions): Policy<AutoScore[]> {
  const { clock, seconds, method = halving(), hasTeacher = false, listener = {} } = options;
  const { suite, tasks, common } = open;
  const { epochs, selection, learningRate } = common.training;
  if (learningRate === 'find')
    fail({
      expected: 'a learning rate around which the search tries others',
      received: '"find"',
      fix: 'Leave it out: the search finds one.',
    });
  const { direction } = selectionMeasure(selection);
  const sign = direction === 'higher' ? 1 : -1;
  const { train: allRows = 0 } = rowCountsOf(common.data);
  const variants = new Map(suite.models.map((variant) => [variant.label, variant]));
  const drawn = suite.models.filter(({ entry }) => !entry.trainsItself).map(({ label }) => label);
  const models = [...variants.keys()];
  const choices = { models, drawn, tasks, size: open.size, learningRate, hasTeacher, seed: suite.searchSeed };
  const found = new Map<string, Candidate<Point>>();
  let count = 0;

  for (let bracket = 0, before = -1; found.size > before && (bracket === 0 || clock.elapsed() < seconds); bracket++) {
    before = found.size;
    const setup: SearchSetup = {
      ...{ ...bracketOf(choices, bracket), epochs },
      finished: [...found.values()].map((each) => ({ ...each, score: sign * each.score })),
      always: ({ model }) => model === BASELINE,
    };
    const of = roundsOf(method, setup);
    const start = clock.elapsed();
    const lengths: number[] = [];
    let round = 0;
    const measure = async function* (entrants: readonly Training[]): Policy<number[]> {
      round++;
      const longest = Math.max(...entrants.map((each) => each.epochs));
      const end = longest < epochs ? start + ((seconds - start) * round) / of : seconds;
      const isFirst = (i: number) => bracket === 0 && round === 1 && i === 0;
      const rowsOf = (length: number) => {
        if (!lengths.includes(length)) lengths.push(length);
        const some = length < epochs ? FIRST_ROWS * MORE_ROWS ** lengths.indexOf(length) : Infinity;
        return some < allRows ? some : undefined;
      };
      const configurations = entrants.map(({ values: point, epochs: length }) => {
        const { model, values } = candidateOf(point);
        const trainingRows = rowsOf(length);
        return { variant: variants.get(model)!, values, length: { epochs: length, trainingRows } };
      });
      const measured = yield* scoresOf(open, configurations, {
        elapsed: () => clock.elapsed(),
        start(i) {
          if (isFirst(i)) return true;
          const left = Math.ceil(Math.max(0, 1000 * (seconds - clock.elapsed())));
          return clock.elapsed() < end && AbortSignal.timeout(left);
        },
        onOutcome({ result, failure }, i) {
          if (!result && !failure) return;
          const score = result && isScore(result) ? result.score : NaN;
          clock.resume((result && isScore(result) && result.elapsed) || 0);
          const { variant, values } = configurations[i]!;
          const { values: point, epochs: length } = entrants[i]!;
          listener.onCandidate?.({
            ...{ setting: open.title, ...open.searched, model: variant.label },
            ...{ number: ++count, values, epochs: length, score },
          });
          if (!Number.isNaN(score)) found.set(JSON.stringify(point), { values: point, epochs: length, score });
        },
      });
      const trained = measured.filter((score) => !Number.isNaN(score)).length;
      if (trained > 0)
        listener.onRound?.({
          ...{ bracket: bracket + 1, round, of, epochs: longest, trainingRows: rowsOf(longest), trained },
          ...{ seconds: clock.elapsed(), best: scoredOf(rankedBy(direction, [...found.values()])[0]!) },
        });
      return measured;
    };
    yield* search(startSearch(method, setup), direction, measure);
  }
  return rankedBy(direction, [...found.values()]).map(scoredOf);
}

const scoredOf = ({ values, ...each }: Candidate<Point>): AutoScore => ({ ...each, values: candidateOf(values) });

/** The number of rounds of a search whose configurations have equal scores. */
function roundsOf(method: Spec<'search'>, setup: SearchSetup): number {
  const rounds = startSearch(method, setup);
  let count = 0;
  for (let step = rounds.next(); !step.done; step = rounds.next(step.value.map(() => 0))) count++;
  return count;
}

/** The clock of a search with a time limit. It counts the seconds of the search over all runs of an interrupted one. */
export interface SearchClock {
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
