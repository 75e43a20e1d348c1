import { checks, type Options } from '@polytask/core';
import { counterRandom, isBetter, type Direction } from '@polytask/metrics';
import { count } from '../checks.ts';
import { rungs, type Rung } from './rungs.ts';
import { drawFrom, spaceOptions, type Hyperparameters, type Space } from './space.ts';

/** How hyper-parameters are chosen, for each model anew and on the validation rows alone. */
export interface SearchDeclaration {
  /** `random`: each configuration is trained in full. `halving`: all of them a little, the best of them longer. */
  readonly method: 'random' | 'halving';
  /** Configurations, the same number for each model. */
  readonly trials: number;
  readonly space: Space;
  /** Of halving: what remains of each rung is one in so many. Default 3. */
  readonly eta?: number;
  /** Of the draws. Default 0. */
  readonly seed?: number;
}

const { oneOf, optional, shaped, wholeNumber } = checks;

export const searchOptions: Options<SearchDeclaration> = {
  method: oneOf('random', 'halving'),
  trials: count,
  space: shaped(spaceOptions),
  eta: optional(wholeNumber(2)),
  seed: optional(wholeNumber()),
};

/** A configuration and what it reached on the validation rows. */
export interface Candidate {
  readonly values: Hyperparameters;
  readonly epochs: number;
  /** NaN where its training failed. */
  readonly score: number;
}

/** The rounds of a search. */
export const roundsOf = ({ method, trials, eta = 3 }: SearchDeclaration, epochs: number): Rung[] =>
  method === 'random' ? [{ candidates: trials, epochs }] : rungs(trials, epochs, eta);

/** The configurations of a search: the same for every model whose space is the same. */
export const candidatesOf = ({ trials, seed = 0 }: SearchDeclaration, space: Space): Hyperparameters[] =>
  Array.from({ length: trials }, (_, i) => drawFrom(space, counterRandom(seed, i)));

/**
 * The best configuration of the last round.
 *
 * @param measure trains configurations for so many epochs and gives their validation scores, NaN for one that failed
 * @returns undefined when all failed
 */
export async function search(
  declaration: SearchDeclaration,
  options: { readonly space: Space; readonly epochs: number; readonly direction: Exclude<Direction, 'one'> },
  measure: (values: readonly Hyperparameters[], epochs: number) => Promise<readonly number[]>,
): Promise<Candidate | undefined> {
  let left = candidatesOf(declaration, options.space);
  let best: Candidate | undefined;
  for (const { candidates, epochs } of roundsOf(declaration, options.epochs)) {
    const entered = left.slice(0, candidates);
    const scores = await measure(entered, epochs);
    const ranked = entered
      .map((values, i): Candidate => ({ values, epochs, score: scores[i]! }))
      .filter(({ score }) => !Number.isNaN(score))
      .sort((a, b) => (isBetter(options.direction, a.score, b.score) ? -1 : isBetter(options.direction, b.score, a.score) ? 1 : 0));
    best = ranked[0];
    left = ranked.map(({ values }) => values);
  }
  return best;
}
