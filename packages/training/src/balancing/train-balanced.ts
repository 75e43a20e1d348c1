import type { BalancerSpec } from '@polytask/balancing';
import { fail, type MultiTaskModel, type Tasks } from '@polytask/core';
import type { Recipe } from '../engine.ts';
import { FlatState } from '../optimizers/flat/flat-state.ts';
import { BalancedStep } from './balanced-step.ts';
import { findCut } from './cut.ts';
import type { EnginePasses } from './pass-contract.ts';
import { TurningRotations } from './rotations.ts';
import { findSharedParts, NO_PARTS } from './shared-parts.ts';

export type BalancedRecipe = Recipe & { readonly balancing: BalancerSpec };

export const isBalanced = (recipe: Recipe): recipe is BalancedRecipe => recipe.balancing !== undefined;

/** Balanced steps of a model, whose passes an engine makes. A model gets rotations here, if the balancer turns them. */
export async function trainBalanced<T extends Tasks>(
  given: MultiTaskModel<T>,
  recipe: BalancedRecipe,
  passesOf: (model: MultiTaskModel, state: FlatState) => EnginePasses,
): Promise<BalancedStep> {
  const model = given as unknown as MultiTaskModel; // the names of the tasks are only known as strings from here on
  const { balancing } = recipe;
  const state = new FlatState(model, recipe.optimizer);
  const passes = passesOf(model, state);
  await passes.reload();
  const parts = balancing.contract === 'losses' ? NO_PARTS : await findSharedParts(model, state, passes);
  const cut = balancing.of === 'representation' ? await findCut(model, state, passes, parts) : undefined;
  const rotations = balancing.rotates && parts.sharedSize > 0 ? await rotationsOf(model, balancing, cut!) : undefined;
  if (rotations) await passes.reload();
  return new BalancedStep(model, recipe, { state, passes, parts, cut, rotations });
}

/** The model's rotations, which it gets if it has none. */
async function rotationsOf(
  model: MultiTaskModel,
  { kind, rotates }: BalancerSpec,
  cut: string,
): Promise<TurningRotations> {
  const { levels } = model.network;
  const last = levels.at(-1);
  if (cut !== `levels.${levels.length - 1}` || !last?.linear) {
    fail({
      expected: `a last level of experts that several tasks take from, by gates that don't read those experts, for ${kind} to turn what heads read`,
      received:
        last && cut === `levels.${levels.length - 1}`
          ? "gates that do, or experts that some of their readers don't train"
          : `sharing that ends at ${cut}, of ${levels.length} levels`,
      mend: "Scale gradients alone, by rotoGradScale({ of: 'representation' }), or share experts at the last level.",
    });
  }
  model.rotate(rotates!.size === undefined ? {} : { size: rotates!.size });
  const rotations = new TurningRotations(model, rotates!);
  await rotations.read();
  return rotations;
}
