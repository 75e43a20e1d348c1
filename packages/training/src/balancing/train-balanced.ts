import type { BalancerSpec } from '@polytask/balancing';
import type { MultiTaskModel, Tasks } from '@polytask/core';
import type { Recipe } from '../engines/engine.ts';
import { FlatState } from '../optimizers/flat/flat-state.ts';
import { BalancedStep } from './balanced-step.ts';
import { findCut } from './cut.ts';
import type { EnginePasses } from './passes-of-engine.ts';
import { findSharedParts, NO_PARTS } from './shared-parts.ts';

export type BalancedRecipe = Recipe & { readonly balancing: BalancerSpec };

export const isBalanced = (recipe: Recipe): recipe is BalancedRecipe => recipe.balancing !== undefined;

/** Balanced steps of a model, whose passes an engine makes. */
export async function trainBalanced<T extends Tasks>(
  given: MultiTaskModel<T>,
  recipe: BalancedRecipe,
  passesOf: (model: MultiTaskModel, state: FlatState) => EnginePasses,
): Promise<BalancedStep> {
  const model = given as unknown as MultiTaskModel; // the names of the tasks are only known as strings from here on
  const state = new FlatState(model, recipe.optimizer);
  const passes = passesOf(model, state);
  await passes.reload();
  const parts = needsParts(recipe.balancing) ? await findSharedParts(model, state, passes) : NO_PARTS;
  const cut = atRepresentation(recipe.balancing) ? await findCut(model, state, passes) : undefined;
  return new BalancedStep(model, recipe, { state, passes, parts, cut });
}

/** A balancer of losses weighs them whole. */
const needsParts = ({ contract }: BalancerSpec): boolean => contract !== 'losses';

const atRepresentation = ({ of }: BalancerSpec): boolean => of === 'representation';
