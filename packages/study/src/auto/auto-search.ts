import { fail } from '@polytask/core';
import { BASELINE, type ModelSize } from '../models/models.ts';
import { type AutoCandidate, type Candidate, rankedBy, rungs, search } from '../search/search.ts';
import { scoresOf } from '../trials/search-models.ts';
import { selectionMeasure } from '../summary/metric-entries.ts';
import type { OpenSetting } from '../trials/plan.ts';
import type { RunListener } from '../trials/run-listener.ts';
import type { Policy } from '../trials/run-trials.ts';
import { isScore } from '../results/trial-result.ts';
import { rowCountsOf } from '../suites/row-counts.ts';
import { counterRandom } from '@polytask/metrics';
import { drawFrom, drawWeights, type Space } from '../models/space.ts';
import type { OptimizerChoice } from '../training/choices.ts';

/** What {@link bracketCandidates} draws from. */
interface AutoSpace {
  /** The labels of the models. `single-task` is one of them. */
  readonly models: readonly string[];
  /** Those of the models that draws are of. The others have nothing to tune. Default: all. */
  readonly drawn?: readonly string[];
  readonly tasks: readonly string[];
  /** The defaults of the data. */
  readonly size: ModelSize;
  readonly learningRate: number;
  /** Whether boosting can teach a task. */
  readonly hasTeacher: boolean;
  /** The seed of the draws. */
  readonly seed: number;
}

/** The least number of configurations in a bracket: 27 is three rounds of one in three. */
const LEAST = 27;
/** A power of two that is more than a bracket's draws: each draw has a stream of its own. */
const STREAMS = 1 << 16;
/** The models that the first bracket also tries with members and a teacher: the best over a suite of tables (docs/which-model.md). */
const WITH_RECIPE = ['shared-bottom', 'adatt'];
/** The share of draws with task weights. The others have equal weights. */
const WEIGHTED = 0.5;

const OPTIMIZERS: readonly OptimizerChoice[] = [
  { kind: 'optimizer', name: 'adam', config: {} },
  { kind: 'optimizer', name: 'adam', config: { ema: 0.99 } },
  { kind: 'optimizer', name: 'adamw', config: { weightDecay: 0.05 } },
];

/**
 * The configurations of a bracket. The first bracket begins with the defaults of every model, and with members and a teacher for two, so
 * that none of these is left out by chance.
 * All further configurations are draws. Every third draw is of `single-task`, so that it is tuned about as well as the best model with
 * shared layers; the other models take turns.
 *
 * @param bracket the 0-based index of the bracket
 */
export function bracketCandidates(space: AutoSpace, bracket: number): AutoCandidate[] {
  const { models, drawn = models, tasks, seed } = space;
  const recipe = { members: 8, ...(space.hasTeacher && { teacher: 0.5 }) };
  const first = [
    ...models.map((model): AutoCandidate => ({ model, values: {} })),
    ...WITH_RECIPE.filter((model) => drawn.includes(model)).map((model): AutoCandidate => ({ model, values: recipe })),
  ];
  const defaults = bracket === 0 ? first : [];
  const count = Math.max(LEAST, 2 * models.length) - defaults.length;
  const others = drawn.filter((model) => model !== BASELINE);
  const dimensions = dimensionsOf(space);
  const draws = Array.from({ length: count }, (_, i): AutoCandidate => {
    const random = counterRandom(seed, STREAMS * bracket + i);
    const turn = bracket * count + i;
    const separate = turn % 3 === 0 || others.length === 0;
    const model = separate ? BASELINE : others[(turn - Math.ceil(turn / 3)) % others.length]!;
    const values = drawFrom(dimensions, random);
    const weighted = random() < WEIGHTED && tasks.length > 1;
    return { model, values: { ...values, ...(weighted && { taskWeights: drawWeights(tasks, random) }) } };
  });
  return [...defaults, ...draws];
}

/**
 * Sizes from half to twice the defaults, learning rates from a third to ten times the default, and the parts that help some tables. A part
 * that takes long is in fewer draws.
 */
function dimensionsOf({ size, learningRate, tasks, hasTeacher }: AutoSpace): Space {
  const { levels, tower, embedding } = size;
  const scaled = (widths: readonly number[], factor: number) =>
    widths.map((width) => Math.max(1, Math.round(factor * width)));
  const factors = [0.5, 1, 2];
  return {
    levels: { choices: [...factors.map((factor) => scaled(levels, factor)), levels.slice(0, 1)] },
    experts: { choices: [tasks.length + 1, 2 * tasks.length, 3 * tasks.length] }, // a shared one is the least that some need
    tower: { choices: factors.map((factor) => scaled(tower, factor)) },
    embedding: { choices: scaled([embedding], 0.5).concat(embedding, 2 * embedding) },
    learningRate: { from: learningRate / 3, to: 10 * learningRate, scale: 'log' },
    members: { choices: [1, 1, 1, 8] },
    optimizer: { choices: OPTIMIZERS },
    schedule: { choices: ['constant', 'cosine'] },
    ...(hasTeacher && { teacher: { choices: [0, 0, 0.5] } }),
  };
}

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
  const models = [...variants.keys()];
  const space = { models, drawn, tasks, size: open.size, learningRate, hasTeacher, seed: suite.searchSeed };
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
          ...{ bracket: bracket + 1, round, of: rounds.length, epochs: length, trainingRows, trained },
          ...{ seconds: clock.elapsed(), best: rankedBy(direction, [...found.values()])[0]! },
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
