import { balancerNeeds, createBalancer, type Balancer, type BalancerSpec, type Turning } from '@polytask/balancing';
import { fail, groupedTasks, labelsOf, randomDraws, type MultiTaskModel, type Tasks } from '@polytask/core';
import { trainingStep, type BalancedRecipe, type TrainingStep } from '../engine.ts';
import { clipFlat } from '../optimizers/clip.ts';
import { FlatState, flatStep, type EnginePasses, type GradientSource } from '../steps/flat-step.ts';
import { balancedGradients } from './balanced-gradients.ts';
import { findCut } from './cut.ts';
import { TurningRotations } from './rotations.ts';
import { findSharedParts, NO_PARTS, withTables, type SharedParts } from './shared-parts.ts';

/** The model's random stream for balancers. Checkpoints contain the counter of this stream. */
const BALANCING_STREAM = 'balancing';

/** A balancer for the tasks of a model. @throws PolytaskError when the spec is unknown or doesn't fit the tasks */
export const balancerFor = <T extends Tasks>(
  model: Pick<MultiTaskModel<T>, 'taskNames' | 'store'>,
  spec: BalancerSpec,
): Balancer =>
  createBalancer(spec, {
    tasks: model.taskNames,
    random: randomDraws(model.store.stream(BALANCING_STREAM)),
  }) as Balancer;

interface BalancedStepParts {
  readonly state: FlatState;
  readonly passes: EnginePasses;
  readonly parts: SharedParts;
  /** The cut where sharing ends, for a balancer of gradients at the representation. */
  readonly cut?: string | undefined;
  /** The rotations of the model, for a balancer that turns them. */
  readonly rotations?: TurningRotations | undefined;
}

/**
 * Balanced losses or gradients. The engine computes the gradients, and the balancer combines them on the host, with the same
 * arithmetic on every engine.
 */
function balancedSource(
  { schema, taskNames, store }: MultiTaskModel,
  { balancing, clip }: BalancedRecipe,
  { state, passes, parts, cut, rotations }: BalancedStepParts,
): GradientSource {
  const balancer = balancerFor({ taskNames, store }, balancing);
  const grouped = groupedTasks(schema.tasks);
  return {
    balancer,
    async gradients(run, batch, { step }, epoch) {
      const { losses, gradients, weights, diagnostics, pulls } = await balancedGradients(run, {
        balancer,
        parts: withTables(parts, state, batch.size),
        cut,
        turns: rotations !== undefined,
        counts: taskNames.map((name) => schema.tasks[name]!.weight ?? 1),
        present: taskNames.map((name) => labelsOf(batch, name).weights.some((weight) => weight > 0)),
        compares: taskNames.map((name) => grouped.includes(name)),
        place: { step: step - 1, epoch },
      });
      if (gradients) state.setGradients(clipFlat(gradients, clip), batch.size);
      return {
        losses,
        hasGradients: gradients !== undefined,
        finish: pulls && (() => passes.assign(rotations!.parameter, rotations!.turn(pulls, step - 1))),
        balancing: {
          ...(weights && { weights: Object.fromEntries(taskNames.map((name, i) => [name, weights[i]!])) }),
          ...(diagnostics && { gradients: { ...diagnostics } }),
        },
      };
    },
    reload: async () => rotations?.read(),
  };
}

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
): Promise<TrainingStep> {
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
  return trainingStep(flatStep(model, { state, passes, source }));
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
