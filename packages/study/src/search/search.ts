import { mapValues, readText, specNamed, specText, standardName, traitsOf } from '@polytask/components';
import { checks, fail, type FromDescription, readOptions, type Written } from '@polytask/core';
import { type Direction, isBetter } from '@polytask/metrics';
import { gridOf, gridSearch, type Point, type SearchPlan, startSearch } from '@polytask/training/search';
import { count } from '../checks.ts';
import type { ModelVariant } from '../models/model-variant.ts';
import { type Hyperparameters, searchSpace, type Space, spaceOptions, weightsToTry } from '../models/models.ts';

const { custom, optional, shaped, text, wholeNumber } = checks;

const searchOptions = {
  /** The name of a search, with options: `halving(eta=2)`. `polytask list searches` shows all. */
  method: text,
  /** How many configurations each model tries. A grid needs no number: it tries all combinations. */
  trials: optional(count),
  space: shaped(spaceOptions),
  /** The seed of the random configurations. Default: 0. */
  seed: optional(wholeNumber()),
};

/** How a search chooses hyper-parameters. It chooses for each model separately, on the validation rows. */
export interface SearchDeclaration extends Written<typeof searchOptions>, FromDescription {}

/** The check of a declaration. Its `method` gets its canonical text. A search needs `trials`, unless it tries every combination. */
export const searchCheck = custom<SearchDeclaration>((value, where) => {
  const read = readOptions(value, searchOptions, where);
  const { trials } = read;
  const { name, options } = readText(read.method);
  const method = specText(standardName('search', name), options);
  const isExhaustive = traitsOf(specNamed('search', method)).exhaustive;
  if (isExhaustive && trials !== undefined)
    fail({
      expected: `no trials for ${where} by ${method}`,
      received: String(trials),
      fix: 'A grid tries every combination of its choices: leave it out.',
    });
  if (!isExhaustive && trials === undefined)
    fail({
      expected: `how many configurations to try for ${where}.trials`,
      received: 'none',
      fix: 'Write trials: 9.',
    });
  return { ...read, method };
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
  readonly model: string;
  /** Empty for the defaults of the data. */
  readonly values: Hyperparameters;
}

/**
 * Starts the search of a model, in the space of the declaration with the model's own dimensions. Every model tries equally many
 * configurations. Models with one space have the same random ones.
 */
export function searchPlan(
  { method, trials, seed, space: declared }: SearchDeclaration,
  space: Space,
  epochs: number,
): SearchPlan {
  const spec = specNamed('search', method);
  if (traitsOf(spec).exhaustive) {
    const [own, others] = [gridOf(searchSpace(space)).length, gridOf(searchSpace(declared)).length];
    if (own !== others)
      fail({
        expected: `${others} configurations for each model of a grid`,
        received: `${own} for one with a space of its own`,
        fix: "Give it as many choices as the others have, or search by 'random', which tries as many of any space.",
      });
  }
  return startSearch(spec, { space: searchSpace(space), trials, epochs, seed });
}

export interface SearchResult<V = Hyperparameters> {
  /** The best of the configurations that were trained longest. Undefined if all of them failed. */
  readonly best: Candidate<V> | undefined;
  /** All configurations that were trained longest, in the order in which they were proposed first. */
  readonly longest: readonly Candidate<V>[];
  readonly configurations: number;
}

export interface Training {
  readonly values: Point;
  readonly epochs: number;
}

/** Runs the rounds of a search. @param measure trains configurations and returns their validation scores, NaN for a failed training */
export async function* search<V = Hyperparameters, Step = never, Answer = never>(
  plan: SearchPlan,
  direction: Exclude<Direction, 'one'>,
  measure: (round: readonly Training[]) => AsyncGenerator<Step, readonly number[], Answer>,
): AsyncGenerator<Step, SearchResult<V>, Answer> {
  const tried = new Map<string, Candidate<V>>();
  const sign = direction === 'higher' ? 1 : -1;
  for (let step = plan.next(); !step.done;) {
    const round = step.value;
    const scores = yield* measure(round);
    round.forEach(({ values, epochs }, i) => {
      const key = JSON.stringify(values);
      if ((tried.get(key)?.epochs ?? 0) <= epochs) tried.set(key, { values: values as V, epochs, score: scores[i]! });
    });
    step = plan.next(scores.map((score) => sign * score));
  }
  const most = Math.max(...[...tried.values()].map(({ epochs }) => epochs));
  const longest = [...tried.values()].filter(({ epochs }) => epochs === most);
  return { best: rankedBy(direction, longest)[0], longest, configurations: tried.size };
}

/** The configurations with a score, the best one first. Equal scores keep their order. */
export const rankedBy = <C extends { readonly score: number }>(
  direction: Exclude<Direction, 'one'>,
  candidates: readonly C[],
): C[] =>
  candidates
    .filter(({ score }) => !Number.isNaN(score))
    .sort((a, b) => (isBetter(direction, a.score, b.score) ? -1 : isBetter(direction, b.score, a.score) ? 1 : 0));

interface PlanOptions {
  /** The suite's search. Undefined for a suite without one. */
  readonly declaration: SearchDeclaration | undefined;
  readonly tasks: readonly string[];
  readonly epochs: number;
  /** The hyper-parameters that were chosen so far, by model. */
  readonly chosen: ReadonlyMap<string, Hyperparameters>;
}

/**
 * The search of a model; undefined without a choice. A plain sum with tuned weights tries weights, under the configuration that was chosen for
 * the plain sum.
 */
export function whatToTry(
  { entry, space, tunedFrom }: ModelVariant,
  { declaration, tasks, epochs, chosen }: PlanOptions,
): SearchPlan | undefined {
  if (entry.trainsItself) return undefined;
  if (tunedFrom === undefined)
    return declaration && searchPlan(declaration, { ...declaration.space, ...space }, epochs);
  const fixed = mapValues({ ...chosen.get(tunedFrom) } as Point, (value) => ({ choices: [value] }));
  return startSearch(gridSearch(), { space: { ...fixed, taskWeights: { choices: weightsToTry(tasks) } }, epochs });
}
