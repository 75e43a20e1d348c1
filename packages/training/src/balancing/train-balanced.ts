import {
  balancerNeeds,
  createBalancer,
  turned,
  type Balancer,
  type BalancerSpec,
  type Turning,
} from '@polytask/balancing';
import { fail, labelsOf, randomDraws, groupedTasks, type MultiTaskModel, type Tasks } from '@polytask/core';
import { trainingStep, type BalancedRecipe, type TrainingStep } from '../engine.ts';
import { clipFlat } from '../optimizers/clip.ts';
import { FlatState, flatStep, type EnginePasses, type GradientSource } from '../steps/flat-step.ts';
import { balancedGradients } from './balanced-gradients.ts';
import { findCut, findSharedParts, NO_PARTS, withTables } from './shared-parts.ts';

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

/** The rotations of a model in host memory. A balancer turns the rotations, and no optimizer updates them. */
interface Rotations {
  /** The name of the parameter [tasks, m, m] in the store of the model. */
  readonly parameter: string;
  /** Copies the rotations from the store of the model. */
  read(): Promise<void>;
  /**
   * Turns each rotation by its pull, [tasks, m, m].
   *
   * @param step the number of steps done before
   * @returns the new rotations, [tasks, m, m]
   */
  turn(pulls: Float32Array, step: number): Float32Array;
}

/**
 * Training steps of a model with balanced losses or gradients. The engine computes the gradients, and the balancer combines them on
 * the host, with the same arithmetic on every engine. For a balancer that turns rotations, this function adds rotations to the model.
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
  const { balancing, clip } = recipe;
  const { schema, taskNames } = model;
  const { contract, of, rotates } = balancerNeeds(balancing);
  const state = new FlatState(model, recipe);
  const passes = passesOf(model, state);
  await passes.reload();
  const parts = contract === 'losses' ? NO_PARTS : await findSharedParts(model, state, passes);
  const cut = of === 'representation' ? await findCut(model, state, passes, parts) : undefined;
  const rotations = rotates && parts.sharedSize > 0 ? await rotationsOf(model, balancing, rotates, cut!) : undefined;
  if (rotations) await passes.reload();
  const balancer = balancerFor(model, balancing);
  const grouped = groupedTasks(schema.tasks);
  const source: GradientSource = {
    balancer,
    async gradients(run, batch, { step }, epoch) {
      const { losses, gradients, weights, diagnostics, pulls } = await balancedGradients(run, {
        ...{ balancer, cut, turns: rotations !== undefined, place: { step: step - 1, epoch } },
        parts: withTables(parts, state, batch.size),
        counts: taskNames.map((name) => schema.tasks[name]!.weight ?? 1),
        present: taskNames.map((name) => labelsOf(batch, name).weights.some((weight) => weight > 0)),
        compares: taskNames.map((name) => grouped.includes(name)),
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
  return trainingStep(flatStep(model, { state, passes, source }));
}

/** The rotations of the model. A model without rotations gets them. */
async function rotationsOf(
  model: MultiTaskModel,
  { name }: BalancerSpec,
  rotates: Turning,
  cut: string,
): Promise<Rotations> {
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
      fix: "Scale gradients alone, by rotoGradScale({ of: 'representation' }), or share experts at the last level.",
    });
  }
  model.rotate(rotates.size === undefined ? {} : { size: rotates.size });
  const { parameter } = model.rotations!;
  let kernels: Float32Array;
  const read = async () => {
    kernels = Float32Array.from(await model.store.get(parameter).variable.data<'float32'>());
  };
  await read();
  return {
    parameter,
    read,
    turn(pulls, step) {
      const next = new Float32Array(kernels.length);
      const size = next.length / model.taskNames.length;
      for (let from = 0; from < next.length; from += size) {
        const [kernel, pull] = [kernels, pulls].map((numbers) => numbers.subarray(from, from + size));
        next.set(turned(kernel!, pull!, rotates.learningRate * rotates.decay ** step), from);
      }
      return (kernels = next);
    },
  };
}
