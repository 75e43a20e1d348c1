import type { ModelVariant } from '../models/model-variant.ts';
import { searchPlan, type SearchDeclaration, type SearchPlan } from './search.ts';
import { spaceFor, type Hyperparameters } from './space.ts';
import { weightsToTry } from './task-weights.ts';

export interface TryingOptions {
  /** The suite's, if it has one. */
  readonly declaration: SearchDeclaration | undefined;
  readonly tasks: readonly string[];
  readonly epochs: number;
  /** What has been found so far, by model. */
  readonly chosen: ReadonlyMap<string, Hyperparameters>;
}

/**
 * What is tried for a model: configurations of the suite's space, or, of a plain sum with tuned weights, weights with
 * the configuration that the plain sum has.
 *
 * @returns undefined where there is nothing to choose
 */
export function whatToTry(
  { space, tunedFrom }: ModelVariant,
  { declaration, tasks, epochs, chosen }: TryingOptions,
): SearchPlan | undefined {
  if (tunedFrom === undefined)
    return declaration && searchPlan(declaration, spaceFor(declaration.space, space), epochs);
  const candidates = weightsToTry(tasks).map((taskWeights): Hyperparameters => ({
    ...chosen.get(tunedFrom),
    taskWeights,
  }));
  return { candidates, rounds: [{ candidates: candidates.length, epochs }] };
}
