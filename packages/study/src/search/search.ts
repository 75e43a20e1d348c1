import { checkOptions, checks, fail, type Check, type Options } from '@polytask/core';
import { counterRandom, isBetter, type Direction } from '@polytask/metrics';
import { count } from '../checks.ts';
import { rungs, type Rung } from './rungs.ts';
import { drawFrom, gridOf, spaceOptions, type Hyperparameters, type Space } from './space.ts';

/** How hyper-parameters are chosen, for each model anew and on the validation rows alone. */
export interface SearchDeclaration {
  /**
   * `random`: each configuration is trained in full. `halving`: all of them a little, the best of them longer. `grid`: every
   * combination of the space's choices, each in full.
   */
  readonly method: 'random' | 'halving' | 'grid';
  /** Configurations, the same number for each model. A grid has as many as it has combinations. */
  readonly trials?: number;
  readonly space: Space;
  /** Of halving: what remains of each rung is one in so many. Default 3. */
  readonly eta?: number;
  /** Of the draws. Default 0. */
  readonly seed?: number;
}

const { oneOf, optional, shaped, wholeNumber } = checks;

export const searchOptions: Options<SearchDeclaration> = {
  method: oneOf('random', 'halving', 'grid'),
  trials: optional(count),
  space: shaped(spaceOptions),
  eta: optional(wholeNumber(2)),
  seed: optional(wholeNumber()),
};

/** A whole declaration: `trials` where configurations are drawn, and nowhere else. */
export const searchCheck: Check = (value, where) => {
  checkOptions(value as SearchDeclaration, searchOptions, where);
  const { method, trials } = value as SearchDeclaration;
  if (method === 'grid' && trials !== undefined) {
    fail({
      expected: `no trials for ${where} by grid`,
      received: String(trials),
      mend: 'A grid tries every combination of its choices: leave it out.',
    });
  }
  if (method !== 'grid' && trials === undefined) {
    fail({
      expected: `how many configurations to try for ${where}.trials`,
      received: 'none',
      mend: 'Write trials: 9.',
    });
  }
};

/** A configuration and what it reached on the validation rows. */
export interface Candidate {
  readonly values: Hyperparameters;
  readonly epochs: number;
  /** NaN where its training failed. */
  readonly score: number;
}

/** The rounds of a search. */
const roundsOf = ({ method, eta = 3 }: SearchDeclaration, candidates: number, epochs: number): Rung[] =>
  method === 'halving' ? rungs(candidates, epochs, eta) : [{ candidates, epochs }];

/**
 * The configurations of a search: the same for every model whose space is the same, and as many for every model.
 *
 * @throws PolytaskError on a grid that isn't made of choices, or whose model has more or fewer of them than the others
 */
export function candidatesOf(
  { method, trials = 0, seed = 0, space: common }: SearchDeclaration,
  space: Space,
): Hyperparameters[] {
  if (method !== 'grid') return Array.from({ length: trials }, (_, i) => drawFrom(space, counterRandom(seed, i)));
  const [own, others] = [gridOf(space), gridOf(common).length];
  if (own.length === others) return own;
  return fail({
    expected: `${others} configurations for each model of a grid`,
    received: `${own.length} for one with a space of its own`,
    mend: "Give it as many choices as the others have, or search by 'random', which tries as many of any space.",
  });
}

/** What a search tries, and how long. */
export interface SearchPlan {
  readonly candidates: readonly Hyperparameters[];
  readonly rounds: readonly Rung[];
}

/** @throws PolytaskError as {@link candidatesOf} */
export function searchPlan(declaration: SearchDeclaration, space: Space, epochs: number): SearchPlan {
  const candidates = candidatesOf(declaration, space);
  return { candidates, rounds: roundsOf(declaration, candidates.length, epochs) };
}

/** What a search comes to. */
export interface SearchResult {
  /** The best configuration of the last round; undefined when all failed. */
  readonly best: Candidate | undefined;
  /** All of the last round, in the order in which they were drawn or listed. They have been trained alike, and in full. */
  readonly last: readonly Candidate[];
}

/**
 * Rounds of trainings, the last of which decides.
 *
 * @param measure trains configurations for so many epochs and gives their validation scores, NaN for one that failed
 */
export async function search(
  { candidates: all, rounds }: SearchPlan,
  direction: Exclude<Direction, 'one'>,
  measure: (values: readonly Hyperparameters[], epochs: number) => Promise<readonly number[]>,
): Promise<SearchResult> {
  let left = all;
  let [best, last]: [Candidate | undefined, readonly Candidate[]] = [undefined, []];
  for (const { candidates, epochs } of rounds) {
    const entered = left.slice(0, candidates);
    const scores = await measure(entered, epochs);
    last = entered.map((values, i): Candidate => ({ values, epochs, score: scores[i]! }));
    const ranked = last
      .filter(({ score }) => !Number.isNaN(score))
      .sort((a, b) => (isBetter(direction, a.score, b.score) ? -1 : isBetter(direction, b.score, a.score) ? 1 : 0));
    best = ranked[0];
    left = ranked.map(({ values }) => values);
  }
  return { best, last: [...last].sort((a, b) => all.indexOf(a.values) - all.indexOf(b.values)) };
}
