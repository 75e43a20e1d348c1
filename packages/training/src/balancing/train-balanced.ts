import { balancerNeeds, type BalancerSpec, type Turning } from '@polytask/balancing';
import { fail, type MultiTaskModel, type Tasks } from '@polytask/core';
import { FlatState } from '../optimizers/flat/flat-state.ts';
import type { BalancedRecipe } from './balanced-recipe.ts';
import { EngineStep } from '../steps/engine-step.ts';
import { flatStep } from '../steps/flat-step.ts';
import { balancedSource } from './balanced-step.ts';
import { findCut } from './cut.ts';
import type { EnginePasses } from '../steps/pass-contract.ts';
import { TurningRotations } from './rotations.ts';
import { findSharedParts, NO_PARTS } from './shared-parts.ts';

/**
 * Balanced training steps of a model. For a balancer that turns rotations, this function adds rotations to the model.
 *
 * @param passesOf creates the passes of the engine
 * @throws PolytaskError when the balancer doesn't fit the network
 */
export async function trainBalanced<T extends Tasks>(
  typedModel: MultiTaskModel<T>,
  recipe: BalancedRecipe,
  passesOf: (model: MultiTaskModel, state: FlatState) => EnginePasses,
): Promise<EngineStep> {
  const model = typedModel as unknown as MultiTaskModel; // any task names
  const { balancing } = recipe;
  const { contract, of, rotates } = balancerNeeds(balancing);
  const state = new FlatState(model, recipe);
  const passes = passesOf(model, state);
  await passes.reload();
  const parts = contract === 'losses' ? NO_PARTS : await findSharedParts(model, state, passes);
  const cut = of === 'representation' ? await findCut(model, state, passes, parts) : undefined;
  const rotations = rotates && parts.sharedSize > 0 ? await rotationsOf(model, balancing, rotates, cut!) : undefined;
  if (rotations) await passes.reload();
  const source = balancedSource(model, recipe, { state, passes, parts, cut, rotations });
  return new EngineStep(flatStep(model, { state, passes, source }));
}

/** The rotations of the model. A model without rotations gets them. */
async function rotationsOf(
  model: MultiTaskModel,
  { name }: BalancerSpec,
  rotates: Turning,
  cut: string,
): Promise<TurningRotations> {
  const { levels } = model.network;
  const last = levels.at(-1);
  if (cut !== `levels.${levels.length - 1}` || !last?.linear) {
    fail({
      expected:
        "a last level of experts that several tasks take from, by gates that don't read those experts, " +
        `for ${name} to turn what heads read`,
      received:
        last && cut === `levels.${levels.length - 1}`
          ? "gates that do, or experts that some of their readers don't train"
          : `sharing that ends at ${cut}, of ${levels.length} levels`,
      mend: "Scale gradients alone, by rotoGradScale({ of: 'representation' }), or share experts at the last level.",
    });
  }
  model.rotate(rotates.size === undefined ? {} : { size: rotates.size });
  const rotations = new TurningRotations(model, rotates);
  await rotations.read();
  return rotations;
}
