import {
  define,
  definedIn,
  fail,
  optional,
  resolve,
  traitsOf,
  wholeNumber,
  type Definition,
  type Factory,
  type Read,
  type Spec,
  checkMembers,
} from '@polytask/components';
import { counterRandom } from '@polytask/metrics';
import { checkConditions, checkPoint, drawFrom, gridOf, type Point, type SearchSpace } from './space.ts';

/** A training that a search asks for. */
export interface Proposal {
  readonly values: Point;
  /** How many epochs the configuration is trained for, from the start. Default: all. */
  readonly epochs?: number;
}

/** A finished training. Higher scores are better; NaN is a training that failed. */
export interface ScoredPoint {
  readonly values: Point;
  readonly epochs: number;
  readonly score: number;
}

/** What a search gets. All its randomness comes from `draw` and `random`, so the same seed proposes the same configurations. */
export interface SearchProblem {
  readonly space: SearchSpace;
  /** How many configurations it may try. Their epochs together are at most `trials * epochs`. */
  readonly trials: number;
  /** The most epochs of a training. The best of those that were trained longest wins. */
  readonly epochs: number;
  /** A random point of the space: the i-th of its seed. */
  draw(i: number): Point;
  /** Numbers in [0, 1) of a stream, which no draw uses. */
  random(stream?: number): () => number;
  /** Points to try first, such as the defaults of models. They count as trials. */
  readonly first: readonly Point[];
  /** What earlier searches of the same space have trained. */
  readonly finished: readonly ScoredPoint[];
  /** The best of these points enters each round, whatever its rank. */
  always(values: Point): boolean;
}

/** The rounds of a search: it yields the trainings that may run at the same time, and receives their scores in the same order. */
export type SearchRounds = Generator<readonly Proposal[], void, readonly number[]>;

/** A search: a generator of rounds. */
export type Search<C> = (config: C, problem: SearchProblem) => SearchRounds;

/**
 * Defines a search. A round's scores come together and in the order of its proposals, so a search proposes the same whichever training
 * ends first, on one process or on ten. A run that was stopped starts the generator anew and gives it the stored scores.
 *
 * @param name the name in suites and on the command line; it must be unique
 * @param definition its description and `options`. `traits: { exhaustive: true }` says that it tries every combination of choices
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * const pairs = defineSearch('pairs', function* (_, { trials, draw }) {
 *   for (let i = 0; i + 1 < trials; i += 2) yield [{ values: draw(i) }, { values: draw(i + 1) }];
 * });
 */
export const defineSearch = <O extends object = Record<never, never>>(
  name: string,
  search: Search<Read<O>>,
  definition?: Definition<O>,
): Factory<'search', O> => define('search', name, search, definition);

export interface SearchSetup {
  readonly space: SearchSpace;
  /** How many configurations it may try. Undefined for a search that tries every combination. */
  readonly trials?: number | undefined;
  readonly epochs: number;
  /** The seed of all random numbers. Default: 0. */
  readonly seed?: number | undefined;
  /** Random points of its own, by their number. Default: those of the space. */
  readonly draw?: ((i: number) => Point) | undefined;
  readonly first?: readonly Point[] | undefined;
  readonly finished?: readonly ScoredPoint[] | undefined;
  readonly always?: ((values: Point) => boolean) | undefined;
}

/** The streams of `random` come after those of draws. */
const OWN_STREAMS = 2 ** 31;

/**
 * Starts a search. Each round of the returned generator is checked: values are of the space, and the epochs of all trainings together are
 * within the budget.
 *
 * @throws PolytaskError for an unknown search, and a proposal that doesn't fit
 * @example
 * const rounds = startSearch(halving(), { space: { rate: { from: 1e-4, to: 1e-2, scale: 'log' } }, trials: 9, epochs: 9 });
 * const { value } = rounds.next(); // nine trainings of one epoch
 */
export function* startSearch(spec: Spec<'search'>, setup: SearchSetup): SearchPlan {
  const { builder: search, config } = resolve<Search<object>>(spec);
  const { space, epochs, seed = 0, first = [], finished = [], always = () => false } = setup;
  const where = `search "${spec.name}"`;
  checkConditions(space, where);
  const trials = traitsOf(spec).exhaustive ? first.length + gridOf(space).length : (setup.trials ?? 0);
  const draw = setup.draw ?? ((i: number) => drawFrom(space, counterRandom(seed, i)));
  const random = (stream = 0) => counterRandom(seed, OWN_STREAMS + stream);
  const problem = { space, trials, epochs, draw, random, first, finished, always };
  const rounds = checkMembers(search(config, problem), ['next'], `a generator from ${where}`);
  const isFirst = new Set(first.map((point) => JSON.stringify(point)));
  const tried = new Set<string>();
  let spent = 0;
  for (let step = rounds.next(); !step.done;) {
    const round = step.value.map(({ values, epochs: length = epochs }) => ({ values, epochs: length }));
    for (const { values, epochs: length } of round) {
      const key = JSON.stringify(values);
      if (!isFirst.has(key)) checkPoint(space, values, where);
      wholeNumber(1).read(length, `the epochs of a training by ${where}`);
      tried.add(key);
      spent += length;
    }
    if (
      round.length === 0 ||
      tried.size > trials ||
      spent > trials * epochs ||
      round.some((each) => each.epochs > epochs)
    )
      fail({
        expected: `at most ${trials} configurations of ${epochs} epochs from ${where}, and one or more a round`,
        received: `${tried.size} configurations, ${spent} epochs, ${round.length} in the last round`,
        fix: 'Count what you yield: `trials` and `epochs` of the problem are the budget.',
      });
    step = rounds.next(yield round);
  }
}

export type SearchPlan = Generator<readonly Required<Proposal>[], void, readonly number[]>;

/** The points to try first, and draws up to the number of trials. */
const drawn = ({ first, trials, draw }: SearchProblem): Point[] => [
  ...first,
  ...Array.from({ length: Math.max(0, trials - first.length) }, (_, i) => draw(i)),
];

/** Sorts by scores: the best one first, failed ones last. Equal scores keep their order. */
export const byScore = (a: { readonly score: number }, b: { readonly score: number }): number =>
  (Number.isNaN(b.score) ? -Infinity : b.score) - (Number.isNaN(a.score) ? -Infinity : a.score) || 0;

export const defineOwn = definedIn('@polytask/training/search', defineSearch);

/** Random configurations, each trained for all epochs. */
export const randomSearch = defineOwn(
  'random',
  function* (_, problem) {
    yield drawn(problem).map((values) => ({ values }));
  },
  {
    description: 'random configurations, each trained for all epochs',
    paper: 'Bergstra & Bengio, JMLR 2012',
  },
);

/** Every combination of the space's choices, each trained for all epochs. */
export const gridSearch = defineOwn(
  'grid',
  function* (_, { first, space }) {
    yield [...first, ...gridOf(space)].map((values) => ({ values }));
  },
  {
    description: "every combination of the space's choices, each trained for all epochs",
    traits: { exhaustive: true },
  },
);

/** Random configurations, the best of them trained longer: {@link rungs}. */
export const halving = defineOwn(
  'halving',
  function* ({ eta }, problem) {
    let remaining = drawn(problem);
    for (const { candidates, epochs } of rungs(problem.trials, problem.epochs, eta)) {
      const best = remaining.slice(0, candidates);
      const others = best.some(problem.always) ? [] : remaining.slice(candidates).filter(problem.always).slice(0, 1);
      const entrants = [...best, ...others];
      if (entrants.length === 0) return;
      const scores = yield entrants.map((values) => ({ values, epochs }));
      const scored = entrants.map((values, i) => ({ values, score: scores[i]! }));
      remaining = scored
        .filter(({ score }) => !Number.isNaN(score))
        .sort(byScore)
        .map(({ values }) => values);
    }
  },
  {
    options: {
      /** A rung keeps one configuration in `eta`. */
      eta: optional(wholeNumber(2), 3),
    },
    description: 'random configurations, the best of them trained longer: successive halving',
    paper: 'Jamieson & Talwalkar, AISTATS 2016',
  },
);

/** Rung i trains ⌊n η^−i⌋ configurations for R η^(i−k) epochs, k = ⌊log_η min(n, R)⌋: the bracket that halves most of Li et al. 2018. */
export function rungs(candidates: number, epochs: number, eta: number) {
  const last = Math.floor(Math.log(Math.min(candidates, epochs)) / Math.log(eta) + 1e-9);
  return Array.from({ length: last + 1 }, (_, i) => ({
    candidates: Math.max(1, Math.floor(candidates / eta ** i)),
    epochs: Math.max(1, Math.round(epochs * eta ** (i - last))),
  }));
}
