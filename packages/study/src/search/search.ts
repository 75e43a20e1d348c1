import { checks, fail, type FromDescription, readOptions, type Written } from '@polytask/core';
import { counterRandom, type Direction, isBetter } from '@polytask/metrics';
import { count } from '../checks.ts';
import type { ModelVariant } from '../models/model-variant.ts';
import { drawFrom, gridOf, type Hyperparameters, type Space, spaceOptions, weightsToTry } from '../models/space.ts';

const { custom, oneOf, optional, shaped, wholeNumber } = checks;

const settings = {
  /** How many configurations each model tries. A grid needs no number: it tries all combinations. */
  trials: optional(count),
  space: shaped(spaceOptions),
  /** For halving: a rung keeps one configuration in `eta`. Default: 3. */
  eta: optional(wholeNumber(2)),
  /** The seed of the random configurations. Default: 0. */
  seed: optional(wholeNumber()),
};

interface SearchSettings extends Written<typeof settings>, FromDescription {}

/** A way to search: the configurations, and the rounds that train them. */
interface SearchMethod {
  /** Whether `trials` says how many configurations it tries. */
  readonly isDrawn: boolean;
  candidates(settings: SearchSettings, space: Space): Hyperparameters[];
  rounds(candidates: number, epochs: number, settings: SearchSettings): Rung[];
}

const random: SearchMethod = {
  isDrawn: true,
  candidates: ({ trials = 0, seed = 0 }, space) =>
    Array.from({ length: trials }, (_, i) => drawFrom(space, counterRandom(seed, i))),
  rounds: (candidates, epochs) => [{ candidates, epochs }],
};

/** The methods by their names. To add one, add it here. */
const METHODS = {
  random,
  halving: { ...random, rounds: (candidates, epochs, { eta = 3 }) => rungs(candidates, epochs, eta) },
  grid: {
    ...random,
    isDrawn: false,
    candidates(declared, space) {
      const [own, others] = [gridOf(space), gridOf(declared.space).length];
      if (own.length === others) return own;
      return fail({
        expected: `${others} configurations for each model of a grid`,
        received: `${own.length} for one with a space of its own`,
        fix: "Give it as many choices as the others have, or search by 'random', which tries as many of any space.",
      });
    },
  },
} satisfies Readonly<Record<string, SearchMethod>>;

const searchOptions = {
  /**
   * `random`: random configurations, each trained for all epochs. `halving`: random configurations, the best of them trained longer.
   * `grid`: every combination of the space's choices, each trained for all epochs.
   */
  method: oneOf(...(Object.keys(METHODS) as (keyof typeof METHODS)[])),
  ...settings,
};

/** How a search chooses hyper-parameters. It chooses for each model separately, on the validation rows. */
export interface SearchDeclaration extends Written<typeof searchOptions>, FromDescription {}

/** The check of a declaration: `random` and `halving` need `trials`, and `grid` must not have it. */
export const searchCheck = custom<SearchDeclaration>((value, where) => {
  const read = readOptions(value, searchOptions, where);
  const { method, trials } = read;
  const { isDrawn } = METHODS[method];
  if (!isDrawn && trials !== undefined)
    fail({
      expected: `no trials for ${where} by ${method}`,
      received: String(trials),
      fix: 'A grid tries every combination of its choices: leave it out.',
    });
  if (isDrawn && trials === undefined)
    fail({
      expected: `how many configurations to try for ${where}.trials`,
      received: 'none',
      fix: 'Write trials: 9.',
    });
  return read;
}, shaped(searchOptions).shape);

/** A configuration and its score on the validation rows. */
export interface Candidate<V = Hyperparameters> {
  readonly values: V;
  readonly epochs: number;
  /** NaN if the training failed. */
  readonly score: number;
}

/** An architecture with its hyper-parameters. */
export interface AutoCandidate {
  /** The label of a model. */
  readonly model: string;
  /** Empty for the defaults of the data. */
  readonly values: Hyperparameters;
}

/**
 * The configurations of a search. Every model has equally many. Models with one space have the same ones.
 *
 * @param space the model's space: the space of the declaration, with the model's own dimensions
 * @throws PolytaskError for a grid with a range in place of choices, or with another number of combinations than the declaration's
 * @example candidatesOf({ method: 'random', trials: 9, space }, space).length; // 9
 */
export const candidatesOf = (declaration: SearchDeclaration, space: Space): Hyperparameters[] =>
  METHODS[declaration.method].candidates(declaration, space);

/** The configurations of a search, and the rounds of training. */
export interface SearchPlan<V = Hyperparameters> {
  readonly candidates: readonly V[];
  readonly rounds: readonly Rung[];
  /** The best of these configurations enters each round, whatever its rank. Default: none. */
  readonly always?: (values: V) => boolean;
}

/** The plan of a declared search. @throws PolytaskError as {@link candidatesOf} */
export function searchPlan(declaration: SearchDeclaration, space: Space, epochs: number): SearchPlan {
  const candidates = candidatesOf(declaration, space);
  return { candidates, rounds: METHODS[declaration.method].rounds(candidates.length, epochs, declaration) };
}

/** The result of a search. */
export interface SearchResult<V = Hyperparameters> {
  /** The best configuration of the last round. Undefined if all of them failed. */
  readonly best: Candidate<V> | undefined;
  /** All configurations of the last round, in the order of the plan. They were trained for all epochs. */
  readonly last: readonly Candidate<V>[];
}

/**
 * Runs the rounds of a search. The last round decides.
 *
 * @param measure trains configurations for `epochs` epochs and returns their validation scores, NaN for a failed training
 */
export async function* search<V, Step = never, Answer = never>(
  { candidates: all, rounds, always = () => false }: SearchPlan<V>,
  direction: Exclude<Direction, 'one'>,
  measure: (values: readonly V[], epochs: number) => AsyncGenerator<Step, readonly number[], Answer>,
): AsyncGenerator<Step, SearchResult<V>, Answer> {
  let remaining = all;
  let [best, last]: [Candidate<V> | undefined, readonly Candidate<V>[]] = [undefined, []];
  for (const { candidates, epochs } of rounds) {
    const first = remaining.slice(0, candidates);
    const entrants = first.some(always) ? first : [...first, ...remaining.slice(candidates).filter(always).slice(0, 1)];
    const scores = yield* measure(entrants, epochs);
    last = entrants.map((values, i): Candidate<V> => ({ values, epochs, score: scores[i]! }));
    const ranked = rankedBy(direction, last);
    best = ranked[0];
    remaining = ranked.map(({ values }) => values);
  }
  return { best, last: [...last].sort((a, b) => all.indexOf(a.values) - all.indexOf(b.values)) };
}

/** The configurations with a score, the best one first. Equal scores keep their order. */
export const rankedBy = <C extends { readonly score: number }>(
  direction: Exclude<Direction, 'one'>,
  candidates: readonly C[],
): C[] =>
  candidates
    .filter(({ score }) => !Number.isNaN(score))
    .sort((a, b) => (isBetter(direction, a.score, b.score) ? -1 : isBetter(direction, b.score, a.score) ? 1 : 0));

/** A round of successive halving. */
export interface Rung {
  /** How many configurations the round trains. */
  readonly candidates: number;
  /** How many epochs each is trained, from the start. */
  readonly epochs: number;
}

/**
 * The rounds of successive halving: all configurations train for a few epochs, the best ones longer, the last ones for all epochs.
 * With n configurations, R epochs and k = ⌊log_η min(n, R)⌋, rung i trains ⌊n η^−i⌋ configurations for R η^(i−k) epochs.
 *
 * Paper: Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and hyperparameter optimization"; the bracket
 * that halves most of Li et al. 2018, "Hyperband".
 *
 * @param eta η: a rung keeps one configuration in `eta`
 * @example rungs(9, 9, 3); // 9 for 1 epoch, 3 for 3, 1 for 9
 */
export function rungs(candidates: number, epochs: number, eta: number): Rung[] {
  const last = Math.floor(Math.log(Math.min(candidates, epochs)) / Math.log(eta) + 1e-9);
  return Array.from({ length: last + 1 }, (_, i) => ({
    candidates: Math.max(1, Math.floor(candidates / eta ** i)),
    epochs: Math.max(1, Math.round(epochs * eta ** (i - last))),
  }));
}

interface PlanOptions {
  /** The suite's search. Undefined for a suite without one. */
  readonly declaration: SearchDeclaration | undefined;
  readonly tasks: readonly string[];
  readonly epochs: number;
  /** The hyper-parameters that were chosen so far, by model. */
  readonly chosen: ReadonlyMap<string, Hyperparameters>;
}

/**
 * The search of a model. It tries configurations of the suite's space. A plain sum with tuned weights instead tries weights, under
 * the configuration that was chosen for the plain sum.
 *
 * @returns undefined for a model without a choice
 */
export function whatToTry(
  { entry, space, tunedFrom }: ModelVariant,
  { declaration, tasks, epochs, chosen }: PlanOptions,
): SearchPlan | undefined {
  if (entry.trainsItself) return undefined;
  if (tunedFrom === undefined)
    return declaration && searchPlan(declaration, { ...declaration.space, ...space }, epochs);
  const candidates = weightsToTry(tasks).map((taskWeights) => ({ ...chosen.get(tunedFrom), taskWeights }));
  return { candidates, rounds: [{ candidates: candidates.length, epochs }] };
}
